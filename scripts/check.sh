# Sourced by the launcher: `mpdp check` (every test), `mpdp format` and `mpdp operands`.

# The C++, CUDA and OpenCL sources.
kernel_sources() {
  find "$root"/native "$root"/cuda "$root"/opencl "$root"/benchmarks/{native,gpu} -name target -prune -o \
    -type f -regextype egrep -regex '.*\.(cpp|hpp|h|cu|cuh|cl|clh)' -print0 2>/dev/null || true
}

# clang-format's layouts differ between versions, so only the one the sources were formatted with counts.
clang_format() {
  if command -v clang-format >/dev/null && [[ $(clang-format --version) == *'version 14.'* ]]; then
    kernel_sources | xargs -0 -r clang-format "$@"
  else
    say "no clang-format 14: C++, CUDA and OpenCL formatting is left alone"
  fi
}

# Rewrites every source file in the project's format.
format() {
  mkdir -p "$state"
  require_maven
  maven -q spotless:apply || die "formatting failed; the log is $log"
  clang_format -i
}

# Writes what kernels include from the op records. Builds Java alone: kernels that use a new name do not compile yet.
operands() {
  mkdir -p "$state"
  require_maven
  maven -q -pl java/engine -Dmpdp.native.skip=true compile || die "the engine's Java does not compile; the log is $log"
  "$JAVA_HOME/bin/java" -cp "$root/java/engine/target/classes" mpdp.backend.op.OperandHeaders "$root"
}

# Tests, static analysis and formatting of everything Maven builds; more arguments go to Maven.
maven_check() {
  local result=0 required=()
  install_missing
  install_opencl
  set_maven_options
  drop_other_options
  # What was built must work: a back end that is missing all the same fails instead of skipping its tests.
  ! has_native_tools || required+=(cpu emulator)
  ! has_opencl || required+=(opencl)
  required=("-Dmpdp.test.require=$(IFS=,; echo "${required[*]}")")
  # Analysis happens while compiling: classes compiled without it must not count as up to date.
  rm -rf "$root"/{java/*,benchmarks}/target/{classes/mpdp,maven-status}
  # fail-at-end: a failing module does not hide another's failures.
  (cd "$root" && mvn -B -ntp --fail-at-end -Dmpdp.lint "${maven_options[@]}" "${required[@]}" "$@" verify) 2>&1 |
    tee "$state/check.log" || result=1
  return $result
}

# Everything, then the closing lines once more; fails when any part failed.
check() {
  local failed=()
  mkdir -p "$state"
  require_maven
  (
    flock 9
    maven_check "$@"
  ) 9>"$state/lock" || failed+=(maven)
  (cd "$root" && mvn -q -B -ntp --fail-at-end spotless:check) || failed+=("formatting: run ./mpdp format")
  clang_format --dry-run --Werror || failed+=(clang-format)
  # Beside the end-to-end tests, which mostly keep one processor busy.
  "$root/scripts/check-cuda-asan" >"$state/asan.log" 2>&1 &
  local asan=$!
  "$root/scripts/e2e" "$root/mpdp" 2>&1 | tee "$state/e2e.log" || failed+=(end-to-end)
  wait "$asan" || failed+=(AddressSanitizer)
  "$root/scripts/check-dist" "$root/mpdp" 2>&1 | tee "$state/dist.log" || failed+=(installation)
  echo
  sed 's/^/AddressSanitizer: /' "$state/asan.log" | grep -E 'planted|cases|skipped|FAILED|ERROR' || true
  grep -E 'Tests run: [0-9]+, Failures: [0-9]+, Errors: [0-9]+, Skipped: [0-9]+$' "$state/check.log" || true
  tail -n 1 "$state/e2e.log"
  echo "installation: $(tail -n 1 "$state/dist.log")"
  ((${#failed[@]} == 0)) || die "check failed: ${failed[*]} (logs in $state)"
  say "check passed"
}
