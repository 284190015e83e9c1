#include "app/demo/script.hpp"

#include "app/demo/browser.hpp"
#include "app/demo/voice.hpp"

#include "recoup/base/digest.hpp"

#include <array>

namespace recoup::demo {
namespace {

using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;

/// The delays of the default sequence's steps: when a responder looks at what arrived.
constexpr std::array<hours, 4> step_delays{hours{1}, hours{4}, hours{24}, hours{72}};

class Script {
public:
    Script(Shopper const& shopper, Instant start, std::string const& prefix)
        : shopper_(shopper), prefix_(prefix), random_(stable_hash(prefix + " script")), came_(start + shopper.arrives),
          left_(came_ + minutes{9}) {
        if (shopper.custom_store) voice_ = &custom_;
    }

    std::vector<Action> write() {
        fill_cart();
        if (shopper_.persona == Persona::browser) return std::move(actions_);
        check_out();
        switch (shopper_.persona) {
            case Persona::buyer: buy(left_ + minutes{1}, false); break;
            case Persona::browser: break;
            case Persona::emptier: empty_cart(); break;
            case Persona::declined: be_declined(true); break;
            case Persona::stranded: be_declined(false); break;
            case Persona::responder: respond(); break;
            case Persona::organic: buy(left_ + 6 * shopper_.hesitates, false); break;
            case Persona::leaver: leave(); break;
            case Persona::objector: object(); break;
        }
        return std::move(actions_);
    }

private:
    Action& add(Action action) {
        action.shopper = shopper_.number;
        action.id = prefix_ + "-" + std::to_string(actions_.size() + 1);
        action.deliver_at = action.occurred_at + seconds{1 + static_cast<int>(random_.below(19))};
        actions_.push_back(std::move(action));
        return actions_.back();
    }

    Action& touch(ActionKind kind, Instant at) {
        Action action;
        action.kind = kind;
        action.occurred_at = at;
        action.only_if_contacted = true;
        return add(std::move(action));
    }

    void fill_cart() {
        Basket const first{shopper_.basket.front()};
        add(browsing_batch(shopper_, came_, random_));
        add(voice_->cart(shopper_, first, true, came_ + minutes{2}));
        if (shopper_.basket.size() > 1) add(voice_->cart(shopper_, shopper_.basket, false, came_ + minutes{3}));
        actions_.back().fact = Fact::cart_seen;
    }

    void check_out() {
        auto const at = came_ + minutes{5};
        auto const& basket = shopper_.basket;
        add(voice_->checkout(shopper_, basket, Stage::checkout, true, at));
        add(voice_->checkout(shopper_, basket, Stage::contact, false, at + seconds{31}));
        if (shopper_.consent_by_topic && shopper_.email_consent)
            add(voice_->consent(shopper_, Channel::email, true, at + seconds{35}));
        if (shopper_.consent_by_topic && shopper_.sms_consent)
            add(voice_->consent(shopper_, Channel::sms, true, at + seconds{36}));
        add(voice_->checkout(shopper_, basket, Stage::shipping, false, at + seconds{95}));
        add(checkout_batch(shopper_, at + seconds{40}, random_));
        add(voice_->checkout(shopper_, basket, Stage::payment, false, left_));
    }

    void buy(Instant at, bool only_if_contacted) {
        auto& order = add(voice_->order(shopper_, shopper_.basket, OrderStep::placed_paid, at, at));
        order.fact = Fact::ordered;
        order.only_if_contacted = only_if_contacted;
        if (only_if_contacted) return;  // what follows would need the same condition
        if (random_.below(5) == 0) add(voice_->cart(shopper_, shopper_.basket, false, at - minutes{1})).deliver_at = at + minutes{7};
        if (shopper_.refunds) add(voice_->refund(shopper_, shopper_.basket, at + hours{20}));
        if (shopper_.cancels) {
            auto const cancelled = at + hours{5};
            add(voice_->order(shopper_, shopper_.basket, OrderStep::cancelled, at, cancelled));
        }
    }

    void empty_cart() {
        auto const at = left_ + (random_.below(2) == 0 ? minutes{21} : minutes{150});
        add(voice_->cart(shopper_, {}, false, at)).fact = Fact::emptied;
    }

    /// A Shopify store makes an unpaid order first; a custom store tells of the failure alone.
    void be_declined(bool pays_later) {
        auto const at = left_ + minutes{1};
        if (!shopper_.custom_store)
            add(voice_->order(shopper_, shopper_.basket, OrderStep::placed_unpaid, at, at)).fact = Fact::ordered;
        add(voice_->payment(shopper_, shopper_.basket, PaymentState::failed, 1, at + seconds{2}));
        if (!pays_later) return;
        auto const paid = at + 5 * shopper_.hesitates;
        add(voice_->payment(shopper_, shopper_.basket, PaymentState::paid, 2, paid)).fact = Fact::paid;
        auto& order = add(voice_->order(shopper_, shopper_.basket, OrderStep::paid,
                                        shopper_.custom_store ? paid : at, paid + seconds{1}));
        order.fact = Fact::ordered;
    }

    void edit_cart() {
        auto edited = shopper_.basket;
        edited.front().quantity += 1;
        auto const at = left_ + (random_.below(2) == 0 ? minutes{18} : minutes{100});
        add(voice_->cart(shopper_, edited, false, at));
    }

    void respond() {
        if (shopper_.edits) edit_cart();
        auto const delay = step_delays[static_cast<std::size_t>(shopper_.answers_step - 1)];
        auto const back = left_ + delay + shopper_.hesitates;
        touch(ActionKind::click, back - minutes{6});
        buy(back, true);
    }

    void leave() {
        if (shopper_.edits) edit_cart();
        if (shopper_.clicks) touch(ActionKind::click, left_ + hours{26});
        if (shopper_.sms_consent && random_.below(4) == 0)
            add(voice_->consent(shopper_, Channel::sms, false, left_ + hours{2})).fact = Fact::sms_revoked;
    }

    /// Looks twice, for the first message may still wait.
    void object() {
        touch(ActionKind::unsubscribe, left_ + minutes{100}).fact = Fact::email_revoked;
        touch(ActionKind::unsubscribe, left_ + hours{26}).fact = Fact::email_revoked;
    }

    Shopper const& shopper_;
    std::string const& prefix_;
    SeededRandom random_;
    Instant came_, left_;
    ShopifyVoice shopify_;
    CustomVoice custom_;
    Voice const* voice_ = &shopify_;
    std::vector<Action> actions_;
};

}  // namespace

std::vector<Action> write_script(Shopper const& shopper, Instant start, std::string const& prefix) {
    return Script{shopper, start, prefix}.write();
}

}  // namespace recoup::demo
