// Preloaded into the daemon by tests/e2e/disk_faults.test.mjs: makes calls on the spool's segment files fail.
//
//   DISK_FAULT_CALL   write or fdatasync
//   DISK_FAULT_AT     the first such call that fails, counted from 1
//   DISK_FAULT_COUNT  how many fail from there on; 0 = all
//   DISK_FAULT_ERRNO  EIO or ENOSPC; a write with ENOSPC stores half of its bytes first, as a full disk does
#include <atomic>
#include <cerrno>
#include <cstdarg>
#include <cstdlib>
#include <cstring>
#include <dlfcn.h>
#include <fcntl.h>
#include <sys/types.h>
#include <unistd.h>

namespace {

constexpr int most_files = 4096;
std::atomic<bool> segment[most_files];
std::atomic<long> calls{0};

template <class Function>
Function next(char const* name) {
    return reinterpret_cast<Function>(dlsym(RTLD_NEXT, name));
}

char const* setting(char const* name) {
    char const* const value = std::getenv(name);
    return value == nullptr ? "" : value;
}

bool watched(int file) { return file >= 0 && file < most_files && segment[file]; }

/// 0 or the errno to fail with.
int fault(char const* call, int file) {
    if (!watched(file) || std::strcmp(setting("DISK_FAULT_CALL"), call) != 0) return 0;
    long const number = ++calls, first = std::atol(setting("DISK_FAULT_AT")), count = std::atol(setting("DISK_FAULT_COUNT"));
    if (first == 0 || number < first || (count != 0 && number >= first + count)) return 0;
    return std::strcmp(setting("DISK_FAULT_ERRNO"), "ENOSPC") == 0 ? ENOSPC : EIO;
}

int opened(int file, char const* path) {
    char const* const slash = std::strrchr(path, '/');
    if (file >= 0 && file < most_files) segment[file] = std::strncmp(slash == nullptr ? path : slash + 1, "segment-", 8) == 0;
    return file;
}

}  // namespace

extern "C" {

int openat(int folder, char const* path, int flags, ...) {
    va_list more;
    va_start(more, flags);
    mode_t const mode = (flags & O_CREAT) != 0 ? va_arg(more, mode_t) : 0;
    va_end(more);
    static auto const real = next<int (*)(int, char const*, int, ...)>("openat");
    return opened(real(folder, path, flags, mode), path);
}

int close(int file) {
    static auto const real = next<int (*)(int)>("close");
    if (file >= 0 && file < most_files) segment[file] = false;
    return real(file);
}

ssize_t write(int file, void const* bytes, size_t count) {
    static auto const real = next<ssize_t (*)(int, void const*, size_t)>("write");
    int const failure = fault("write", file);
    if (failure == 0) return real(file, bytes, count);
    if (failure == ENOSPC && real(file, bytes, count / 2) < 0) return -1;
    errno = failure;
    return -1;
}

int fdatasync(int file) {
    static auto const real = next<int (*)(int)>("fdatasync");
    int const failure = fault("fdatasync", file);
    if (failure == 0) return real(file);
    errno = failure;
    return -1;
}

}  // extern "C"
