# Sourced by scripts/e2e: campaigns of small runs on the reference back end, killed, stopped and damaged.

cat >"$work/campaign.toml" <<'TOML'
task = "Pendulum-v1"
backend = "reference"
steps = 600
seeds = "3..4"
[set]
train = { random-steps = 100, updates-per-step = 0.2, log-interval = 20, checkpoint-interval = 30 }
"train.evaluation-interval" = 300
"train.evaluation-episodes" = 1
agent = { critic-width = 16, policy-width = 16 }
plan.horizon = 3
model = { layers = 2, width = 16, batch = 32, max-epochs = 2, weight-decay = [1e-5, 1e-5, 1e-5] }
[grid]
"agent.batch" = [8, 16]
TOML
campaign=(sweep "$work/campaign.toml" --jobs 2)

# rows FOLDER: rows of metrics.csv in all runs of a campaign.
rows() { cat "$1"/*/metrics.csv 2>/dev/null | wc -l; }

# after_rows FOLDER COUNT PID: waits until its runs have so many more rows, or the process has ended.
after_rows() {
  local from
  from=$(rows "$1")
  until (($(rows "$1") >= from + $2)) || ! kill -0 "$3" 2>/dev/null; do sleep 0.05; done
}

# same_campaign WHOLE CAMPAIGN: every run has the same bits, was begun once and never went back.
same_campaign() {
  local run name back
  for run in "$1"/*/; do
    name=$(basename "$run")
    expect "the metrics of $name are equal" diff <(timeless "$run/metrics.csv") <(timeless "$2/$name/metrics.csv")
    # The other checkpoint that is kept may be that of a stop just before the end.
    expect "the last checkpoint of $name is equal" \
      cmp "$run"/checkpoints/step-000000600.safetensors "$2/$name"/checkpoints/step-000000600.safetensors
    # Where each process of the run began: a run without a checkpoint begins at 0 once more.
    back=$(sed -nE 's/.*: step ([0-9]+), .*/\1/p' "$2/$name/log.txt" | awk '$1 < last { print last, "then", $1 } { last = $1 }')
    if [[ -z $back ]]; then ok "$name never went back"; else not_ok "$name never went back" "$back"; fi
    expect "it ended once" test "$(grep -c '^finished at step' "$2/$name/console.log")" = 1
  done
}

# kill_campaign FOLDER KILLS: SIGKILL for one of the runs and for the sweep in turns, at random moments; a sweep that
# ended is called again.
kill_campaign() {
  local out=$1 pid='' victim count=0 sweeps=0
  while ((count < $2)); do
    if [[ -z $pid ]] || ! kill -0 "$pid" 2>/dev/null; then
      "$mpdp" "${campaign[@]}" --out "$out" >>"$work/sweeps.log" 2>&1 &
      pid=$!
      sweeps=$((sweeps + 1))
      # The end of a campaign before all kills is no failure, only less of a test.
      ((sweeps <= $2 + 2)) || break
    fi
    after_rows "$out" $((RANDOM % 8 + 1)) $pid
    sleep 0.0$((RANDOM % 10))
    victim=$pid
    ((count % 2)) || victim=$(pgrep -P $pid | shuf -n 1)
    if [[ -n $victim ]] && kill -KILL "$victim" 2>/dev/null; then count=$((count + 1)); fi
    ((victim != pid)) || wait $pid 2>/dev/null
  done
  kill -KILL $pid 2>/dev/null
  wait $pid 2>/dev/null
  if ((count >= $2 / 2)); then ok "$count times SIGKILL, $sweeps sweeps"; else not_ok "only $count times SIGKILL in $sweeps sweeps"; fi
  expect "it goes on to its end" "$mpdp" "${campaign[@]}" --out "$out"
}

# stop_campaign FOLDER: SIGTERM ends a sweep once its runs have written checkpoints; meanwhile a second sweep is refused.
stop_campaign() {
  local out=$1 pid code
  "$mpdp" "${campaign[@]}" --out "$out" >"$work/stopped.log" 2>&1 &
  pid=$!
  after_rows "$out" 2 $pid
  pkill -STOP -P $pid # its runs wait, so that they cannot be over when the signal comes
  refuse "a second sweep at once" 'another sweep is running' "${campaign[@]}" --out "$out"
  kill -TERM $pid
  sleep 1
  pkill -CONT -P $pid
  wait $pid
  code=$?
  if ((code == 143)); then ok "SIGTERM ends it with 143"; else not_ok "SIGTERM ends it with 143" "$code"; fi
  expect "a run was interrupted" grep -q '"status" *: *"interrupted"' "$out"/*/run.json
  if grep -l '"status" *: *"running"' "$out"/*/run.json; then not_ok "none says that it runs"; else ok "none says that it runs"; fi
  if pgrep -f -- "--out $out --run-one" >/dev/null; then not_ok "no run outlives it"; else ok "no run outlives it"; fi
}

# fail_campaign FOLDER: a run whose checkpoints are damaged fails, is named, and the others finish.
fail_campaign() {
  local out=$1 run
  run=$(basename "$(dirname "$(grep -l '"status" *: *"interrupted"' "$out"/*/run.json | head -n 1)")")
  mkdir "$work/kept"
  mv "$out/$run"/checkpoints/* "$work/kept"
  for file in "$work/kept"/*; do head -c 100 "$file" >"$out/$run/checkpoints/$(basename "$file")"; done
  refuse "a run that fails is named" "1 of 4 runs failed: $run \\(.*checkpoint.*--retry" "${campaign[@]}" --out "$out"
  expect "the others are finished" test "$(grep -l '"status" *: *"finished"' "$out"/*/run.json | wc -l)" = 3
  refuse "it is left alone" "1 of 4 runs failed: $run" "${campaign[@]}" --out "$out"
  cp "$work/kept"/* "$out/$run/checkpoints"
  expect "--retry goes on with it" "$mpdp" "${campaign[@]}" --out "$out" --retry
}

contradictions() {
  local out=$1
  sed 's/random-steps = 100/random-steps = 110/' "$work/campaign.toml" >"$work/other.toml"
  refuse "a file that contradicts what ran" 'train\.random-steps = 110.*ran with 100' sweep "$work/other.toml" --out "$out"
  sed 's/"3..4"/[3]/' "$work/campaign.toml" >"$work/other.toml"
  refuse "a file that leaves out what ran" 'train\.seed = 4' sweep "$work/other.toml" --out "$out"
  sed 's/^steps = 600/steps = 400/' "$work/campaign.toml" >"$work/other.toml"
  refuse "fewer steps than ran" 'train\.steps = 400.*ran with 600' sweep "$work/other.toml" --out "$out"
  sed 's/^steps/stpes/' "$work/campaign.toml" >"$work/other.toml"
  refuse "an unknown key of a campaign" 'stpes.*steps' sweep "$work/other.toml" --out "$work/none"
  refuse "no campaign to go on with" 'holds no campaign' sweep --out "$work/none"
  if [[ -e $work/none ]]; then not_ok "then no folder is left"; else ok "then no folder is left"; fi
}

campaigns() {
  local whole=$work/campaign before
  expect "a dry run of a campaign" grep -q '^4 runs, 2,400 of 2,400 steps left' <("$mpdp" "${campaign[@]}" --out "$whole" --dry-run)
  if [[ -e $whole ]]; then not_ok "it leaves no folder"; else ok "it leaves no folder"; fi
  expect "a campaign" "$mpdp" "${campaign[@]}" --out "$whole"
  before=$(cd "$whole" && find . -type f ! -name '*.lock' ! -name 'campaign.*' -print0 | LC_ALL=C sort -z | xargs -0 sha256sum)
  expect "the same once more" "$mpdp" "${campaign[@]}" --out "$whole"
  [[ $(cd "$whole" && find . -type f ! -name '*.lock' ! -name 'campaign.*' -print0 | LC_ALL=C sort -z | xargs -0 sha256sum) == "$before" ]] &&
    ok "what is finished is left as it is" || not_ok "what is finished is left as it is"
  kill_campaign "$work/campaign-killed" 5
  same_campaign "$whole" "$work/campaign-killed"
  stop_campaign "$work/campaign-stopped"
  fail_campaign "$work/campaign-stopped"
  same_campaign "$whole" "$work/campaign-stopped"
  contradictions "$whole"
  expect "runs" grep -qE '^\{"runs":\[\{"path":.*"eval_last":-[0-9.]+,.*"settings":\{.*\}\]\}$' <("$mpdp" runs "$whole" --json | tail -n 1)
  expect "compare" grep -qE '^\{"groups":\[\{"key":"8","n":2,.*"iqm_high":.*"pairs":\[\{"a":"8","b":"16","n":2,' \
    <("$mpdp" compare "$whole" --by agent.batch --out "$work/compare.png" --json | tail -n 1)
  expect "its picture is a PNG" grep -qa 'PNG' "$work/compare.png"
  refuse "an unknown key to compare by" 'agent\.batsh.*agent\.batch' compare "$whole" --by agent.batsh
}
