# Sourced by the scripts that test the command line: a line per test, and counts of them. They set $mpdp, the launcher that is
# tested, and $work, a folder of theirs.
passed=0 failed=0 skipped=0

ok() {
  passed=$((passed + 1))
  echo "ok    $1"
}
not_ok() {
  failed=$((failed + 1))
  echo "FAIL  $1"
  shift
  printf '      %s\n' "$@"
}
skip() {
  skipped=$((skipped + 1))
  echo "skip  $1: $2"
}

# expect NAME COMMAND...: the command succeeds.
expect() {
  local name=$1 output
  shift
  if output=$("$@" 2>&1); then ok "$name"; else not_ok "$name" "$(tail -n 3 <<<"$output")"; fi
}

# refuse NAME PATTERN ARGUMENT...: mpdp ends with code 1 or 2 and exactly one line on stderr, which matches.
refuse() {
  local name=$1 pattern=$2 code lines
  shift 2
  "$mpdp" "$@" >"$work/out" 2>"$work/err" </dev/null
  code=$?
  lines=$(wc -l <"$work/err")
  if ((code != 1 && code != 2)); then
    not_ok "$name" "exit code $code" "$(head -n 3 "$work/err")"
  elif ((lines != 1)); then
    not_ok "$name" "$lines lines on stderr" "$(head -n 5 "$work/err")"
  elif ! grep -qiE -- "$pattern" "$work/err"; then
    not_ok "$name" "no '$pattern' in: $(<"$work/err")"
  else
    ok "$name"
  fi
}

# The bytes and names of everything below a folder.
digest() { (cd "$1" && find . -type f -print0 | LC_ALL=C sort -z | xargs -0 sha256sum); }

# metrics.csv without the columns that depend on the clock.
timeless() {
  awk -F, -v OFS=, 'NR == 1 { for (i = 1; i <= NF; i++) keep[i] = $i !~ /^wall_s$|_per_s$|share/ }
    { line = ""; for (i = 1; i <= NF; i++) if (keep[i]) line = line OFS $i; print line }' "$1"
}

# same_bits RUN RUN: metrics and checkpoints of two runs are equal.
same_bits() {
  expect "the metrics of $(basename "$1") and $(basename "$2") are equal" \
    diff <(timeless "$1/metrics.csv") <(timeless "$2/metrics.csv")
  expect "the checkpoints of $(basename "$1") and $(basename "$2") are equal" \
    diff <(digest "$1/checkpoints") <(digest "$2/checkpoints")
}

# Prints the counts; whether nothing failed.
conclude() {
  echo "$passed passed, $failed failed, $skipped skipped"
  ((failed == 0))
}
