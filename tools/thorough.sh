# The slow checks of `./test --thorough`; sourced by ./test, whose check() and $jobs it uses.
# Environment: CORNU_APPLICATIONS=folder: keras.applications made before; else they are made if .venv-golden is there,
# or if CORNU_MAKE_APPLICATIONS=1 allows to install TensorFlow for it.

# sanitized PRESET: builds the tests with a sanitizer and runs them.
sanitized() {
  cmake --preset "$1" && cmake --build "build/$1" -j "$jobs" && "build/$1/cornu_tests" --gtest_brief=1
}

# The command line under the address sanitizer on the folder of models: hostile and odd files are the point.
sanitized_models() {
  .venv/bin/python tests/models/run.py ../shared/models --cornu build/asan/cornu --expected tests/models/expected.txt --quiet
}

tidy() {
  install_one clang-tidy-14 && git ls-files 'src/*.cc' |
    xargs -P "$jobs" -n 4 clang-tidy-14 -p "$build" --quiet
}

# install_one PACKAGE...: packages that only the slow checks need.
install_one() {
  local as_root=()
  dpkg-query -W "$@" >/dev/null 2>&1 && return 0
  [ "$(id -u)" -eq 0 ] || as_root=(sudo)
  "${as_root[@]}" apt-get install -y --no-install-recommends "$@"
}

# keras.applications with random weights, as .h5 and .keras, against the answers of real Keras.
applications() {
  local folder=${CORNU_APPLICATIONS:-build/applications}
  if [ ! -d "$folder" ]; then
    python3 tools/make_applications.py "$folder" || return 1
  fi
  .venv/bin/python tests/models/run.py "$folder" --cornu .venv/bin/cornu --all-ok
}

# The unit tests on aarch64, emulated; without those whose workers are programs, which this system would have to run.
cross_aarch64() {
  install_one g++-aarch64-linux-gnu qemu-user && tools/cross_aarch64.sh &&
    qemu-aarch64 -L build/aarch64-sysroot build/aarch64/cornu_tests --gtest_brief=1 --gtest_filter='-PoolTest.*:Process*:Worker*'
}

# 1,000 workers killed at random moments, from C++ and from Python.
kills() {
  CORNU_KILLS=1000 "$build/cornu_tests" --gtest_brief=1 --gtest_filter='PoolTest.random_kills*' &&
    CORNU_KILLS=1000 .venv/bin/python -m pytest -q tests/python/test_pool.py -k random_kills
}

# What `cornu convert` writes, read by real Keras 3 and tf_keras, and the table of Keras's arguments.
written() {
  local folders=(tests/golden/layers)
  [ -d ../shared/models ] && folders+=(../shared/models)
  .venv-golden/bin/python tools/keras_arguments.py --check && .venv-golden/bin/python tools/layer_signatures.py --check && .venv-golden/bin/python tools/op_signatures.py --check &&
    .venv-golden/bin/python tools/check_written.py --cornu .venv/bin/cornu "${folders[@]}" --to keras h5 &&
    .venv-golden/bin/python tools/check_written.py --cornu .venv/bin/cornu "${folders[@]}" --to saved_model --limit 1e-5 &&
    .venv-golden/bin/python tools/check_stripped.py --cornu .venv/bin/cornu tests/golden/strip
}

# The source distribution builds and predicts in an environment of its own.
source_distribution() {
  rm -rf build/sdist && .venv/bin/python -m pip install --disable-pip-version-check --quiet build &&
    .venv/bin/python -m build --sdist --no-isolation --outdir build/sdist . &&
    python3 -m venv build/sdist/venv &&
    build/sdist/venv/bin/python -m pip install --disable-pip-version-check build/sdist/cornu-*.tar.gz &&
    (cd build/sdist && venv/bin/cornu predict ../../examples/digits/digits.keras ../../examples/digits/digits.npz)
}

check_thoroughly() {
  check "clang-tidy" tidy
  check "address sanitizer" sanitized asan
  check "thread sanitizer" sanitized tsan
  [ -d ../shared/models ] && check "models, address sanitizer" sanitized_models
  if [ -d .venv-golden ] || [ -n "${CORNU_APPLICATIONS:-}" ] || [ "${CORNU_MAKE_APPLICATIONS:-0}" = 1 ]; then
    check "keras.applications" applications
  else
    echo "keras.applications          left out: set CORNU_MAKE_APPLICATIONS=1 to install TensorFlow and make them"
  fi
  [ -d .venv-golden ] && check "Keras reads what we write" written
  check "kills" kills
  check "a million predictions" .venv/bin/python bench/soak.py examples/digits/digits.npz
  check "source distribution" source_distribution
  check "cross build for aarch64" cross_aarch64
}
