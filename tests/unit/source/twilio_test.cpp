#include "sender.hpp"

#include "adapter/source/twilio/keywords.hpp"
#include "adapter/source/twilio/plain_words.hpp"

namespace recoup {
namespace {

using test::body;
using test::has_key;
using test::Sender;

// The vectors of Twilio's own library.
Sender vector_sender() {
    Sender sender(source::twilio_source());
    sender.add_secret("auth_token", "another");
    sender.add_secret("auth_token", "12345");
    sender.public_url = "https://mycompany.com";
    sender.http.path = "/myapp.php";
    sender.http.query = "foo=1&bar=2";
    sender.http.body = "To=%2B18005551212&CallSid=CA1234567890ABCDE&Caller=%2B14158675309&Digits=1234&From=%2B14158675309";
    sender.header("Content-Type", "application/x-www-form-urlencoded");
    sender.header("X-Twilio-Signature", "RSOYDt4T1cUTdK1PDd93/VVr8B8=");
    return sender;
}

TEST(TwilioSource, VerifiesTheKnownVectors) {
    EXPECT_EQ(test::code_of(vector_sender().authenticate()), "ok");
    auto json = vector_sender();
    json.http.headers = {{"Content-Type", "application/json"}, {"X-Twilio-Signature", "a9nBmqA0ju/hNViExpshrM61xv4="}};
    json.http.query += "&bodySHA256=0a1ff7634d9ab3b95db5c9a2dfe9416e41502b283a80c7cf19632632f96e6620";
    json.http.body = R"({"property": "value", "boolean": true})";
    EXPECT_EQ(test::code_of(json.authenticate()), "ok");
    json.http.body += " ";
    EXPECT_EQ(test::code_of(json.authenticate()), "unauthorized");
}

TEST(TwilioSource, RefusesChangesAndToleratesTheDefaultPort) {
    auto sender = vector_sender();
    sender.public_url = "https://mycompany.com:443";
    EXPECT_TRUE(sender.authenticate());
    sender.public_url = "https://mycompany.com:8443";
    EXPECT_FALSE(sender.authenticate());
    sender = vector_sender();
    sender.http.body += "&Extra=1";
    EXPECT_EQ(test::code_of(sender.authenticate()), "unauthorized");
    sender = vector_sender();
    sender.http.headers.pop_back();
    EXPECT_EQ(test::code_of(sender.authenticate()), "invalid");
}

Delivery read_form(std::string form, std::string query = {}) {
    Sender sender(source::twilio_source());
    sender.http.body = std::move(form);
    sender.http.query = std::move(query);
    return *sender.parse();
}

TEST(TwilioSource, StopRevokesAndSuppressesAndStartGrants) {
    auto const stopped = *read_form("MessageSid=SM1&From=%2B15551234567&To=%2B1800&Body=+Stop%21").items.at(0).event;
    EXPECT_EQ(stopped.id, "twilio:SM1");
    EXPECT_TRUE(has_key(stopped, KeyKind::phone, "+15551234567"));
    auto const change = body<ConsentChanged>(stopped);
    EXPECT_EQ(change.state, ConsentState::revoked);
    EXPECT_TRUE(change.suppress);
    EXPECT_EQ(change.cause, "stop");
    EXPECT_EQ(body<ConsentChanged>(*read_form("MessageSid=SM1&From=%2B15551234567&Body=x&OptOutType=START").items.at(0).event).state,
              ConsentState::granted);
    body<UnknownHappened>(*read_form("MessageSid=SM1&From=%2B15551234567&Body=where+is+my+parcel").items.at(0).event);
    EXPECT_TRUE(read_form("MessageSid=SM1&From=SHORT&Body=STOP").items.empty());
}

TEST(TwilioSource, ReadsRevocationInPlainWords) {
    using source::twilio::Meaning;
    using source::twilio::meaning_of;
    for (std::string_view const text : {"STOP", " stop. ", "Unsubscribe", "quit", "please stop texting me", "opt out now", "OPT-OUT", "Arret"})
        EXPECT_EQ(meaning_of("", text), Meaning::stop) << text;
    for (std::string_view const text : {"yes", "START", "unstop!"}) EXPECT_EQ(meaning_of("", text), Meaning::start) << text;
    for (std::string_view const text : {"", "nonstop", "the end", "cancel my order", "yes please", "ja", "I need help with my parcel"})
        EXPECT_EQ(meaning_of("", text), Meaning::other) << text;
    for (std::string_view const text : {"HELP", "info?", "Hilfe!", "aide", "Hjälp"}) EXPECT_EQ(meaning_of("", text), Meaning::help) << text;
    EXPECT_EQ(meaning_of("HELP", "whatever"), Meaning::help);
    EXPECT_EQ(meaning_of("STOP", "whatever"), Meaning::stop);
}

TEST(TwilioSource, ReadsRevocationInSeveralLanguages) {
    using source::twilio::Meaning;
    using source::twilio::meaning_of;
    for (std::string_view const text :
         {"Arrêt", "ARRE\xCC\x82TER", "bitte abmelden", "Stopp!", "Löschen", "je veux me désabonner", "BAJA", "no más.", "Sair", "basta",
          "Afmelden a.u.b.", "avsluta", "Lopeta", "Usuń", "wypisz mnie proszę", "İptal", "стоп", "Хочу отписаться", "διακοπή", "退订", "수신거부"})
        EXPECT_EQ(meaning_of("", text), Meaning::stop) << text;
    for (std::string_view const text : {"quiero cancelar mi pedido", "red shoes", "est-ce la fin des soldes", "peru", "\xFF\xFE", "\xE2\x82"})
        EXPECT_EQ(meaning_of("", text) == Meaning::stop, text == "peru") << text;
}

TEST(TwilioSource, WordsAreComparedWithoutCaseAndAccents) {
    using Words = std::vector<std::string>;
    EXPECT_EQ(source::twilio::plain_words("  Désabonner-moi, \xE2\x80\x9CSVP\xE2\x80\x9D"), (Words{"DESABONNER", "MOI", "SVP"}));
    EXPECT_EQ(source::twilio::plain_words("Straße ĳs Œuvre Ørsted łódź"), (Words{"STRASSE", "IJS", "OEUVRE", "ORSTED", "LODZ"}));
    EXPECT_EQ(source::twilio::plain_words("стоп ΤΕΛΟΣ τέλος"), (Words{"СТОП", "ΤΕΛΟΣ", "ΤΕΛΟΣ"}));
    EXPECT_EQ(source::twilio::plain_words("a\xFF" "b\xE2\x82"), (Words{"A", "B"}));
    EXPECT_TRUE(source::twilio::plain_words("\xE3\x80\x80 \xF0\x9F\x98\x80 42!").empty());
}

TEST(TwilioSource, AnswersKeywordsWhereItIsToldThatTwilioDoesNot) {
    Sender sender(source::twilio_source());
    sender.shop.name = "Tom & Jane <b>";
    sender.shop.domain = "shop.example";
    sender.http.body = "MessageSid=SM1&From=%2B15551234567&Body=help";
    EXPECT_EQ(sender.source->answer(*sender.parse()).body, "<Response/>");
    sender.http.query = "replies=1";
    EXPECT_EQ(sender.source->answer(*sender.parse()).body,
              "<Response><Message>Tom &amp; Jane &lt;b&gt;: for help visit https://shop.example. Msg&amp;data rates may apply. Reply STOP to "
              "cancel.</Message></Response>");
    EXPECT_EQ(sender.parse()->items.at(0).event->topic, "help.requested");
    sender.http.body = "MessageSid=SM1&From=%2B15551234567&Body=Stop";
    EXPECT_TRUE(sender.parse()->reply.find("unsubscribed") != std::string::npos);
    sender.http.body = "MessageSid=SM1&From=%2B15551234567&Body=Stop&OptOutType=STOP";
    EXPECT_EQ(sender.parse()->reply, "");
    sender.http.body = "MessageSid=SM1&From=%2B15551234567&Body=hello";
    EXPECT_EQ(sender.parse()->reply, "");
}

TEST(TwilioSource, StatusCallbacksTellOfTheMessage) {
    auto const delivered = read_form("MessageSid=SM1&MessageStatus=delivered&To=%2B15551234567", "message=m_1");
    ASSERT_EQ(delivered.items.size(), 1u);
    EXPECT_EQ(delivered.items[0].event->id, "twilio:SM1:delivered");
    EXPECT_EQ(body<MessageFeedback>(*delivered.items[0].event).message_id, "m_1");
    auto const refused = read_form("MessageSid=SM1&MessageStatus=undelivered&ErrorCode=21610&To=%2B15551234567", "message=m_1");
    ASSERT_EQ(refused.items.size(), 2u);
    EXPECT_EQ(body<MessageFeedback>(*refused.items[0].event).kind, FeedbackKind::failed);
    EXPECT_TRUE(body<ConsentChanged>(*refused.items[1].event).suppress);
    EXPECT_TRUE(read_form("MessageSid=SM1&MessageStatus=queued", "message=m_1").items.empty());
    EXPECT_TRUE(read_form("MessageSid=SM1&MessageStatus=delivered").items.empty());
}

}  // namespace
}  // namespace recoup
