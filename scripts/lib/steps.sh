# What scripts/run and scripts/test share. Sourced with `root` set to the top of the tree. Talk goes to stderr.

say() { printf '%s\n' "$*" >&2; }

# quietly LOG COMMAND...: shows the output only when the command fails.
quietly() {
    local log=$1
    shift
    "$@" >"$log" 2>&1 && return
    tail -n 60 "$log" >&2
    return 1
}

as_root() {
    if [ "$(id -u)" = 0 ]; then env DEBIAN_FRONTEND=noninteractive "$@"
    elif command -v sudo >/dev/null; then sudo env DEBIAN_FRONTEND=noninteractive "$@"
    else return 127
    fi
}

# missing_packages GROUP...: the listed packages that are neither installed nor made unnecessary by a command.
missing_packages() {
    local group package command wanted=" $* "
    while read -r group package command; do
        case $group in '' | '#'*) continue ;; esac
        case $wanted in *" $group "*) ;; *) continue ;; esac
        [ -n "$command" ] && command -v "$command" >/dev/null && continue
        dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null | grep -qx installed || printf '%s\n' "$package"
    done <"$root/scripts/lib/packages"
}

install_packages() {
    local missing log
    mapfile -t missing < <(missing_packages "$@")
    [ ${#missing[@]} = 0 ] && return
    say "Installing: ${missing[*]}"
    if [ "$(id -u)" != 0 ] && ! command -v sudo >/dev/null; then
        say "There is no sudo here. As root, run: apt-get install ${missing[*]}"
        return 1
    fi
    mkdir -p "$root/build"
    log=$root/build/install.log
    local install=(apt-get install -y -q --no-install-recommends -o DPkg::Lock::Timeout=300 "${missing[@]}")
    as_root "${install[@]}" >"$log" 2>&1 && return  # the package lists may be there already
    quietly "$log" as_root apt-get update -q -o DPkg::Lock::Timeout=300 && quietly "$log" as_root "${install[@]}"
}

# build_release TARGET CMAKE_OPTION...: configures when needed and builds; progress only where a person watches.
build_release() {
    local target=$1 dir=$root/build/release
    shift
    mkdir -p "$dir"
    (cd "$root" && quietly "$dir/configure.log" cmake --preset release "$@") || return 1
    local build=(cmake --build "$dir" --target "$target" -j "$(nproc)")
    if "${build[@]}" -- -n 2>/dev/null | grep -q 'Building CXX'; then say "Building (a few minutes the first time)"; fi
    if [ -t 2 ]; then "${build[@]}" >&2; else quietly "$dir/build.log" "${build[@]}"; fi
}
