#include "recoup/base/seal.hpp"

#include <gtest/gtest.h>

namespace recoup {
namespace {

SealingKey key_of(std::uint8_t filler) { return SealingKey::from_base64_text(to_base64(Bytes(32, filler))).value(); }

TEST(Seal, OpensOnlyWithItsKeyAndContextAndUnchanged) {
    SeededRandom random(7);
    auto const key = key_of(1);
    for (std::string const& plain : {std::string{}, std::string("a"), std::string(100'000, 'x')}) {
        auto const sealed = key.seal(plain, "demo/dl_1", random);
        EXPECT_EQ(sealed.size(), plain.size() + 29);
        ASSERT_TRUE(key.open(sealed, "demo/dl_1"));
        EXPECT_EQ(*key.open(sealed, "demo/dl_1"), plain);
        EXPECT_FALSE(key.open(sealed, "demo/dl_2"));
        EXPECT_FALSE(key_of(2).open(sealed, "demo/dl_1"));
    }
    auto const sealed = key.seal("secret", "demo/dl_1", random);
    for (std::size_t i = 0; i < sealed.size(); ++i) {
        auto changed = sealed;
        changed[i] ^= 1;
        EXPECT_FALSE(key.open(changed, "demo/dl_1")) << i;
        EXPECT_FALSE(key.open(std::span(sealed).first(i), "demo/dl_1")) << i;
    }
}

TEST(Seal, TheSameTextNeverLooksTheSame) {
    SeededRandom random(7);
    EXPECT_NE(key_of(1).seal("text", "", random), key_of(1).seal("text", "", random));
}

// NIST's GCM test vectors, test case 15 without the additional data: AES-256, twelve bytes of nonce.
TEST(Seal, ReadsWhatAnotherImplementationWrote) {
    class Fixed final : public Random {
    public:
        void fill(std::span<std::uint8_t> out) override {
            static constexpr std::array<std::uint8_t, 12> nonce{0xca, 0xfe, 0xba, 0xbe, 0xfa, 0xce,
                                                                0xdb, 0xad, 0xde, 0xca, 0xf8, 0x88};
            std::copy_n(nonce.begin(), out.size(), out.begin());
        }
    } nonce;
    auto const key = SealingKey::from_base64_text("/v/pkoZlcxxtao+UZzCDCP7/6ZKGZXMcbWqPlGcwgwg=");
    ASSERT_TRUE(key);
    std::string const plain = [] {
        std::string out;
        std::string const hex =
            "d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a721c3c0c95956809532fcf0e2449a6b525b16aedf5aa"
            "0de657ba637b391aafd255";
        for (std::size_t i = 0; i < hex.size(); i += 2)
            out += static_cast<char>(std::stoi(hex.substr(i, 2), nullptr, 16));
        return out;
    }();
    auto const sealed = key->seal(plain, "", nonce);
    EXPECT_EQ(to_hex(std::span(sealed).subspan(13)),
              "522dc1f099567d07f47f37a32a84427d643a8cdcbfe5c0c97598a2bd2555d1aa8cb08e48590dbb3da7b08b1056828838c5f61e63"
              "93ba7a0abcc9f662898015ad"
              "b094dac5d93471bdec1a502270e3cc6c");
}

TEST(Seal, AKeyOfAnotherLengthIsRefused) {
    EXPECT_EQ(SealingKey::from_base64_text("c2hvcnQ=").error().code, Errc::configuration);
    EXPECT_EQ(SealingKey::from_base64_text("").error().code, Errc::configuration);
}

}  // namespace
}  // namespace recoup
