# Sets up what ./test and ./demo need; sourced by them from the repository's root. Each step does nothing when it was
# done before, and is silent unless it fails; then it prints the end of its log and leaves the script.
# Functions: setup_all [TARGET...] builds these targets of CMake, or everything, the tests included; step NAME COMMAND...
# Environment: CORNU_JOBS: compiler processes, default all cores.

preset=release
build=build/$preset
logs=build/logs
jobs=${CORNU_JOBS:-$(nproc)}
export CCACHE_BASEDIR=$PWD  # objects of one clone serve another

# Runs a command with its output in a log; tells the seconds it took, or the end of the log.
step() {
  local name=$1 start=$SECONDS log
  shift
  mkdir -p "$logs"
  log=$logs/${name// /-}.log
  printf '%-28s' "$name"
  if "$@" >"$log" 2>&1; then
    printf 'done in %s s\n' $((SECONDS - start))
  else
    printf 'FAILED; the end of %s:\n' "$log"
    tail -n 40 "$log"
    exit 1
  fi
}

missing_packages() {
  dpkg-query -W -f='${Package} ${db:Status-Status}\n' | awk '$2 == "installed" {print $1}' |
    grep -vxFf - <(grep -v '^#' tools/apt-packages.txt)
}

install_packages() {
  local packages as_root=()
  mapfile -t packages < <(missing_packages)
  [ "${#packages[@]}" -eq 0 ] && return 0
  [ "$(id -u)" -eq 0 ] || as_root=(sudo)
  export DEBIAN_FRONTEND=noninteractive
  "${as_root[@]}" apt-get -o DPkg::Lock::Timeout=300 update && "${as_root[@]}" apt-get -o DPkg::Lock::Timeout=300 install -y --no-install-recommends "${packages[@]}"
}

# The environment of Debian's own Python where there is one, so that the module fits the python3-dev installed above.
make_venv() {
  local python=/usr/bin/python3
  [ -x "$python" ] || python=python3
  if [ ! -x .venv/bin/python ]; then
    "$python" -m venv .venv || return 1
  fi
  if ! cmp -s tools/python-packages.txt .venv/python-packages.txt; then
    .venv/bin/python -m pip install --disable-pip-version-check -r tools/python-packages.txt || return 1
    cp tools/python-packages.txt .venv/python-packages.txt
  fi
}

# Precompiled headers make a first build a third shorter, but the compiler cache cannot pass their objects on to another
# clone: they are for machines where it holds nothing yet.
precompile_option() {
  [ -e "$build/CMakeCache.txt" ] && return
  ccache --print-stats 2>/dev/null | grep -qP '^files_in_cache\t0$' && echo -DCORNU_PRECOMPILE=ON
}

# build_targets [TARGET...]: without one, everything.
build_targets() {
  cmake --preset "$preset" $(precompile_option) && cmake --build "$build" -j "$jobs" ${1:+--target "$@"}
}

# Makes build/wheel/cornu-*.whl and installs it into .venv: `cornu` and the Python module, out of the same build folder, so
# that nothing is compiled twice. `pip install .` in an environment of its own works as well.
install_package() {
  rm -rf build/wheel
  CMAKE_BUILD_PARALLEL_LEVEL=$jobs .venv/bin/python -m pip wheel --disable-pip-version-check --no-build-isolation \
    --no-deps --wheel-dir build/wheel --config-settings build-dir="$build" \
    --config-settings cmake.define.CORNU_TESTS=ON . &&
    .venv/bin/python -m pip install --disable-pip-version-check --no-deps --force-reinstall build/wheel/cornu-*.whl
}

setup_all() {
  if command -v dpkg-query >/dev/null; then
    step "install packages" install_packages
  else
    echo "not Debian: the packages of tools/apt-packages.txt are expected to be there"
  fi
  step "make .venv" make_venv
  step "build" build_targets "$@"
  step "install into .venv" install_package
}
