#include "core/law/zones.hpp"

#include <date/tz.h>

#include <algorithm>
#include <array>
#include <stdexcept>
#include <utility>

namespace recoup::core {
namespace {

using Row = std::pair<std::string_view, std::string_view>;

// Countries (ISO 3166) to their zones; several are separated by spaces and mean "one of these".
constexpr std::array country_zones{
    Row{"US", "America/New_York America/Chicago America/Denver America/Los_Angeles"},
    Row{"CA", "America/Halifax America/Toronto America/Winnipeg America/Edmonton America/Vancouver"},
    Row{"AU", "Australia/Sydney Australia/Adelaide Australia/Perth"},
    Row{"BR", "America/Sao_Paulo America/Manaus"}, Row{"MX", "America/Mexico_City America/Tijuana"},
    Row{"RU", "Europe/Moscow Asia/Yekaterinburg Asia/Novosibirsk Asia/Vladivostok"},
    Row{"AT", "Europe/Vienna"}, Row{"BE", "Europe/Brussels"}, Row{"BG", "Europe/Sofia"}, Row{"CH", "Europe/Zurich"},
    Row{"CZ", "Europe/Prague"}, Row{"DE", "Europe/Berlin"}, Row{"DK", "Europe/Copenhagen"}, Row{"EE", "Europe/Tallinn"},
    Row{"ES", "Europe/Madrid"}, Row{"FI", "Europe/Helsinki"}, Row{"FR", "Europe/Paris"}, Row{"GB", "Europe/London"},
    Row{"GR", "Europe/Athens"}, Row{"HR", "Europe/Zagreb"}, Row{"HU", "Europe/Budapest"}, Row{"IE", "Europe/Dublin"},
    Row{"IT", "Europe/Rome"}, Row{"LT", "Europe/Vilnius"}, Row{"LU", "Europe/Luxembourg"}, Row{"LV", "Europe/Riga"},
    Row{"NL", "Europe/Amsterdam"}, Row{"NO", "Europe/Oslo"}, Row{"PL", "Europe/Warsaw"}, Row{"PT", "Europe/Lisbon"},
    Row{"RO", "Europe/Bucharest"}, Row{"SE", "Europe/Stockholm"}, Row{"SI", "Europe/Ljubljana"},
    Row{"SK", "Europe/Bratislava"}, Row{"TR", "Europe/Istanbul"}, Row{"UA", "Europe/Kyiv"}, Row{"IL", "Asia/Jerusalem"},
    Row{"AE", "Asia/Dubai"}, Row{"SA", "Asia/Riyadh"}, Row{"IN", "Asia/Kolkata"}, Row{"JP", "Asia/Tokyo"},
    Row{"KR", "Asia/Seoul"}, Row{"CN", "Asia/Shanghai"}, Row{"HK", "Asia/Hong_Kong"}, Row{"SG", "Asia/Singapore"},
    Row{"NZ", "Pacific/Auckland"}, Row{"ZA", "Africa/Johannesburg"}, Row{"AR", "America/Argentina/Buenos_Aires"},
    Row{"CL", "America/Santiago"}, Row{"CO", "America/Bogota"}, Row{"PE", "America/Lima"},
};

// US states, Canadian provinces and Australian states; those that span zones name each.
constexpr std::array region_zones{
    Row{"US-CT", "America/New_York"}, Row{"US-DE", "America/New_York"}, Row{"US-DC", "America/New_York"},
    Row{"US-GA", "America/New_York"}, Row{"US-ME", "America/New_York"}, Row{"US-MD", "America/New_York"},
    Row{"US-MA", "America/New_York"}, Row{"US-NH", "America/New_York"}, Row{"US-NJ", "America/New_York"},
    Row{"US-NY", "America/New_York"}, Row{"US-NC", "America/New_York"}, Row{"US-OH", "America/New_York"},
    Row{"US-PA", "America/New_York"}, Row{"US-RI", "America/New_York"}, Row{"US-SC", "America/New_York"},
    Row{"US-VT", "America/New_York"}, Row{"US-VA", "America/New_York"}, Row{"US-WV", "America/New_York"},
    Row{"US-FL", "America/New_York America/Chicago"}, Row{"US-MI", "America/Detroit America/Chicago"},
    Row{"US-IN", "America/Indiana/Indianapolis America/Chicago"}, Row{"US-KY", "America/New_York America/Chicago"},
    Row{"US-TN", "America/New_York America/Chicago"}, Row{"US-AL", "America/Chicago"}, Row{"US-AR", "America/Chicago"},
    Row{"US-IL", "America/Chicago"}, Row{"US-IA", "America/Chicago"}, Row{"US-LA", "America/Chicago"},
    Row{"US-MN", "America/Chicago"}, Row{"US-MS", "America/Chicago"}, Row{"US-MO", "America/Chicago"},
    Row{"US-OK", "America/Chicago"}, Row{"US-WI", "America/Chicago"}, Row{"US-KS", "America/Chicago America/Denver"},
    Row{"US-NE", "America/Chicago America/Denver"}, Row{"US-ND", "America/Chicago America/Denver"},
    Row{"US-SD", "America/Chicago America/Denver"}, Row{"US-TX", "America/Chicago America/Denver"},
    Row{"US-AZ", "America/Phoenix"}, Row{"US-CO", "America/Denver"}, Row{"US-MT", "America/Denver"},
    Row{"US-NM", "America/Denver"}, Row{"US-UT", "America/Denver"}, Row{"US-WY", "America/Denver"},
    Row{"US-ID", "America/Boise America/Los_Angeles"}, Row{"US-OR", "America/Los_Angeles America/Boise"},
    Row{"US-CA", "America/Los_Angeles"}, Row{"US-NV", "America/Los_Angeles"}, Row{"US-WA", "America/Los_Angeles"},
    Row{"US-AK", "America/Anchorage"}, Row{"US-HI", "Pacific/Honolulu"}, Row{"US-PR", "America/Puerto_Rico"},
    Row{"CA-NL", "America/St_Johns"}, Row{"CA-NS", "America/Halifax"}, Row{"CA-NB", "America/Moncton"},
    Row{"CA-PE", "America/Halifax"}, Row{"CA-QC", "America/Toronto"}, Row{"CA-ON", "America/Toronto"},
    Row{"CA-MB", "America/Winnipeg"}, Row{"CA-SK", "America/Regina"}, Row{"CA-AB", "America/Edmonton"},
    Row{"CA-BC", "America/Vancouver"}, Row{"AU-NSW", "Australia/Sydney"}, Row{"AU-VIC", "Australia/Melbourne"},
    Row{"AU-QLD", "Australia/Brisbane"}, Row{"AU-SA", "Australia/Adelaide"}, Row{"AU-WA", "Australia/Perth"},
    Row{"AU-TAS", "Australia/Hobart"}, Row{"AU-NT", "Australia/Darwin"}, Row{"AU-ACT", "Australia/Sydney"},
};

// ITU E.164 calling codes to countries, longest first; +1 is told apart by area code below.
constexpr std::array calling_codes{
    Row{"+353", "IE"}, Row{"+351", "PT"}, Row{"+352", "LU"}, Row{"+358", "FI"}, Row{"+359", "BG"}, Row{"+370", "LT"},
    Row{"+371", "LV"}, Row{"+372", "EE"}, Row{"+380", "UA"}, Row{"+385", "HR"}, Row{"+386", "SI"}, Row{"+420", "CZ"},
    Row{"+421", "SK"}, Row{"+852", "HK"}, Row{"+966", "SA"}, Row{"+971", "AE"}, Row{"+972", "IL"}, Row{"+27", "ZA"},
    Row{"+30", "GR"}, Row{"+31", "NL"}, Row{"+32", "BE"}, Row{"+33", "FR"}, Row{"+34", "ES"}, Row{"+36", "HU"},
    Row{"+39", "IT"}, Row{"+40", "RO"}, Row{"+41", "CH"}, Row{"+43", "AT"}, Row{"+44", "GB"}, Row{"+45", "DK"},
    Row{"+46", "SE"}, Row{"+47", "NO"}, Row{"+48", "PL"}, Row{"+49", "DE"}, Row{"+51", "PE"}, Row{"+52", "MX"},
    Row{"+54", "AR"}, Row{"+55", "BR"}, Row{"+56", "CL"}, Row{"+57", "CO"}, Row{"+61", "AU"}, Row{"+64", "NZ"},
    Row{"+65", "SG"}, Row{"+81", "JP"}, Row{"+82", "KR"}, Row{"+86", "CN"}, Row{"+90", "TR"}, Row{"+91", "IN"},
    Row{"+7", "RU"},
};

// North American area codes whose zone is certain (NANPA). One not listed here says nothing about the place.
constexpr std::array area_codes{
    Row{"America/New_York", "201 202 203 207 212 215 216 234 239 240 252 267 301 302 304 305 315 321 330 336 339 347 "
                            "351 352 386 401 404 407 410 412 413 419 434 440 443 470 475 478 484 508 513 516 518 540 "
                            "551 561 567 570 571 585 603 607 609 610 614 617 631 646 678 703 704 706 716 717 718 724 "
                            "727 732 740 754 757 762 770 772 774 781 786 802 803 804 813 814 828 843 845 856 860 862 "
                            "863 864 865 904 908 910 912 914 917 919 929 937 941 954 973 978 980 984"},
    Row{"America/Chicago", "205 210 214 217 218 224 225 228 251 254 256 262 281 309 312 314 316 318 319 320 331 337 "
                           "361 402 405 409 414 417 430 469 479 501 504 507 512 515 563 573 601 608 612 615 618 630 "
                           "636 641 651 660 662 682 708 712 713 715 731 763 769 773 779 815 816 817 830 832 847 870 "
                           "872 901 903 913 918 920 936 940 952 956 972 979 985"},
    Row{"America/Denver", "303 307 385 406 435 505 575 719 720 801 970"},
    Row{"America/Phoenix", "480 520 602 623 928"},
    Row{"America/Los_Angeles", "206 209 213 253 310 323 360 408 415 424 425 442 503 509 510 530 559 562 619 626 628 "
                               "650 657 661 669 702 707 714 725 747 760 775 805 818 831 858 909 916 925 949 951 971"},
    Row{"America/Toronto", "226 249 289 343 416 418 437 438 450 514 519 579 581 613 647 705 819 873 905"},
    Row{"America/Vancouver", "236 250 604 778"}, Row{"America/Edmonton", "403 587 780 825"},
    Row{"America/Winnipeg", "204 431"}, Row{"America/Halifax", "902"}, Row{"America/Anchorage", "907"},
    Row{"Pacific/Honolulu", "808"},
};

template <class Table>
std::string_view look_up(Table const& table, std::string_view key) {
    for (auto const& [name, value] : table)
        if (name == key) return value;
    return {};
}

std::vector<std::string> split(std::string_view list) {
    std::vector<std::string> out;
    while (!list.empty()) {
        auto const end = std::min(list.find(' '), list.size());
        if (end > 0) out.emplace_back(list.substr(0, end));
        list.remove_prefix(std::min(end + 1, list.size()));
    }
    return out;
}

std::string_view zones_by_address(std::string_view country, std::string_view region) {
    if (country.empty()) return {};
    if (!region.empty())
        if (auto const zones = look_up(region_zones, std::string(country) + "-" + std::string(region)); !zones.empty())
            return zones;
    return look_up(country_zones, country);
}

std::string_view zones_by_phone(std::string_view phone) {
    if (phone.starts_with("+1") && phone.size() == 12) {
        auto const area = phone.substr(2, 3);
        for (auto const& [zone, codes] : area_codes)
            if (codes.find(area) != std::string_view::npos) return zone;
        return {};
    }
    for (auto const& [code, country] : calling_codes)
        if (phone.starts_with(code)) return look_up(country_zones, country);
    return {};
}

}  // namespace

bool known_zone(std::string_view iana) {
    if (iana.empty()) return false;
    try {
        return date::locate_zone(std::string(iana)) != nullptr;
    } catch (std::runtime_error const&) {
        return false;
    }
}

std::vector<std::string> zones_of(PlaceHints const& hints) {
    if (known_zone(hints.timezone)) return {std::string(hints.timezone)};
    if (auto const zones = zones_by_address(hints.country, hints.region); !zones.empty()) return split(zones);
    if (auto const zones = zones_by_phone(hints.phone); !zones.empty()) return split(zones);
    if (known_zone(hints.shop_timezone)) return {std::string(hints.shop_timezone)};
    return {"UTC"};
}

}  // namespace recoup::core
