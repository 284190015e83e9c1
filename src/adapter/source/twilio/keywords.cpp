#include "adapter/source/twilio/keywords.hpp"

#include "adapter/source/shared/text.hpp"
#include "adapter/source/twilio/plain_words.hpp"

#include <algorithm>
#include <array>
#include <string>
#include <vector>

namespace recoup::source::twilio {
namespace {

/// Is the whole message, as plain words with one blank between.
constexpr std::array stop_messages{
    "STOP", "STOPALL", "STOP ALL", "UNSUBSCRIBE", "CANCEL", "END", "QUIT", "REVOKE", "OPTOUT", "OPT OUT", "REMOVE ME",  // English
    "ARRET", "ARRETE", "ARRETER", "ARRETEZ", "FIN", "ANNULER", "SUPPRIMER",                                             // French
    "STOPP", "ENDE", "KUNDIGEN", "LOSCHEN", "AUFHOREN", "AUSTRAGEN", "KEINE SMS MEHR",                                  // German
    "ALTO", "BAJA", "PARAR", "PARA", "CANCELAR", "DETENER", "TERMINAR", "NO MAS",                                       // Spanish
    "SAIR", "PARE", "CHEGA", "REMOVER",                                                                                 // Portuguese
    "FERMA", "BASTA", "ANNULLA", "CANCELLA", "FINE", "RIMUOVI",                                                         // Italian
    "EINDE", "STOPPEN",                                                                                                 // Dutch
    "SLUTA", "AVSLUTA", "AVSLUTT", "SLUT", "LOPETA", "PERU", "POISTA",                      // Swedish, Norwegian, Danish, Finnish
    "KONIEC", "USUN", "REZYGNUJE", "REZYGNACJA", "ZRUSIT", "KONEC", "LEALLITAS", "LEIRATKOZAS",  // Polish, Czech, Hungarian
    "RENUNT", "OPRESTE", "PREKINI", "IPTAL", "RED", "DUR",                                  // Romanian, Croatian, Turkish
    "СТОП", "ОТПИСКА", "ОТПИСАТЬСЯ", "ВІДПИСКА", "ΣΤΟΠ", "ΔΙΑΚΟΠΗ",                         // Russian, Bulgarian, Ukrainian, Greek
    "הסר", "توقف", "إيقاف", "الغاء", "停止", "配信停止", "解除", "ストップ", "退订", "退訂", "取消", "수신거부", "정지",
};
/// Says it anywhere in a sentence. Not here: words that are also about orders, parcels and ends of things.
constexpr std::array revoking_words{
    "STOP", "STOPALL", "UNSUBSCRIBE", "REVOKE", "OPTOUT", "STOPP", "ABMELDEN", "ABBESTELLEN", "ABMELDUNG", "AUSTRAGEN",
    "DESABONNER", "DESABONNEMENT", "DESINSCRIRE", "DESINSCRIPTION", "DESINSCRIBIR", "DESUSCRIBIR", "DESUSCRIBIRME", "DESCADASTRAR",
    "DISISCRIVIMI", "DISISCRIVITI", "DISISCRIVERMI", "DISISCRIZIONE", "AFMELDEN", "UITSCHRIJVEN", "AVREGISTRERA", "AVMELD", "AFMELD",
    "AVPRENUMERERA", "PERUUTA", "WYPISZ", "WYPISAC", "ODHLASIT", "DEZABONARE", "DEZABONEAZA", "ODJAVA", "СТОП", "ОТПИСАТЬСЯ",
    "ОТПИШИТЕ", "配信停止", "退订", "退訂", "수신거부",
};
constexpr std::array start_messages{"START", "YES", "UNSTOP"};
constexpr std::array help_messages{"HELP", "INFO", "AIDE", "HILFE", "AYUDA", "AJUDA", "AIUTO", "HJALP", "HJELP", "APUA", "POMOC",
                                   "SEGITSEG", "AJUTOR", "YARDIM", "ПОМОЩЬ", "ΒΟΗΘΕΙΑ", "ヘルプ", "帮助", "幫助", "도움말"};

template <class List>
bool in(List const& list, std::string_view text) {
    return std::find(list.begin(), list.end(), text) != list.end();
}

std::string joined(std::vector<std::string> const& words) {
    std::string out;
    for (auto const& word : words) out.append(out.empty() ? "" : " ").append(word);
    return out;
}

bool revokes(std::vector<std::string> const& words) {
    for (std::size_t i = 0; i < words.size(); ++i)
        if (in(revoking_words, words[i]) || (words[i] == "OPT" && i + 1 < words.size() && words[i + 1] == "OUT")) return true;
    return false;
}

}  // namespace

Meaning meaning_of(std::string_view opt_out_type, std::string_view body) {
    auto const type = upper_ascii(trimmed(opt_out_type));
    if (type == "STOP") return Meaning::stop;
    if (type == "START") return Meaning::start;
    auto const words = plain_words(body);
    auto const message = joined(words);
    if (in(stop_messages, message) || revokes(words)) return Meaning::stop;
    if (in(start_messages, message)) return Meaning::start;
    return type == "HELP" || in(help_messages, message) ? Meaning::help : Meaning::other;
}

}  // namespace recoup::source::twilio
