#pragma once
// `recoup why`: a person's story in plain words, from the stored decisions: what was sent or not, because of which rule,
// and what the model saw.

#include "recoup/port/admin_store.hpp"
#include "service/admin/api_json.hpp"

#include <string>

namespace recoup::service {

/// Features named of a score, by the size of their share.
inline constexpr std::size_t shown_contributions = 5;

/// Errc::invalid unless exactly one of email, message and enrollment is given; Errc::not_found with what to try.
Result<std::vector<Story>> read_stories(AdminStore& store, StoryQuery const& query);

std::string story_text(Story const& story);
ApiJson story_json(Story const& story);

/// All stories found, for a terminal. Shows addresses: print it, never log it.
Result<std::string> why_text(AdminStore& store, StoryQuery const& query);
/// The same as JSON: a list of Story.
Result<std::string> why_json(AdminStore& store, StoryQuery const& query);

}  // namespace recoup::service
