#!/usr/bin/env bash
# Builds Cornu for aarch64 in build/aarch64, with Debian's cross compiler; `qemu-aarch64 -L build/aarch64-sysroot` runs it.
# The arm64 libraries are downloaded with an apt state of their own and unpacked into build/aarch64-sysroot, so that
# nothing of the machine changes; g++-aarch64-linux-gnu and qemu-user must be installed.
set -eu
cd "$(dirname "$0")/.."
sysroot=$PWD/build/aarch64-sysroot
state=$PWD/build/aarch64-apt

download() {
  mkdir -p "$state/lists/partial" "$state/archives/partial"
  : >"$state/status"
  local options=(-o APT::Architecture=arm64 -o APT::Architectures::=arm64 -o Dir::State::lists="$state/lists"
    -o Dir::State::status="$state/status" -o Dir::Cache::archives="$state/archives" -o Dir::Cache::pkgcache=
    -o Dir::Cache::srcpkgcache= -o Debug::NoLocking=1 -o APT::Install-Recommends=0 -o APT::Sandbox::User=root)
  apt-get "${options[@]}" update
  apt-get "${options[@]}" install -y --download-only libc6-dev libstdc++-12-dev libfmt-dev libsimdjson-dev \
    nlohmann-json3-dev libcli11-dev zlib1g-dev libminizip-dev libhwy-dev libprotozero-dev libleveldb-dev libisal-dev libfarmhash-dev libsnappy-dev libre2-dev libpng-dev libjpeg62-turbo-dev libgif-dev libgtest-dev libgmock-dev
}

if [ ! -e "$sysroot/complete" ]; then
  download
  mkdir -p "$sysroot"
  for archive in "$state"/archives/*.deb; do dpkg -x "$archive" "$sysroot"; done
  touch "$sysroot/complete"
fi
cmake --preset aarch64
cmake --build build/aarch64 -j "${CORNU_JOBS:-$(nproc)}"
