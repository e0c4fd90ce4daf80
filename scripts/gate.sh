# Sourced by the launcher: `mpdp gate`, the kernels of the working tree against those of a base commit.

kernel_folders=(native cuda opencl)

# Files of kernels that differ between commit $1 and the working tree, untracked ones included.
changed_kernels() {
  (
    cd "$root"
    git diff --name-only "$1" -- "${kernel_folders[@]}"
    git ls-files --others --exclude-standard -- "${kernel_folders[@]}"
  ) | sort -u
}

# The commit to compare with when none is named.
default_base() {
  if [[ -n $(changed_kernels HEAD) ]]; then echo HEAD; else echo HEAD^; fi
}

# Prints the folder with the jars of commit $1, built in a worktree of its own.
base_image() {
  local commit=$1 image=$state/base-$1 tree=$state/base-tree
  if [[ ! -d $image ]]; then
    say "building the base, commit ${commit:0:12}"
    git -C "$root" worktree remove --force "$tree" 2>/dev/null || true
    git -C "$root" worktree add --quiet --detach "$tree" "$commit" >&2 || die "cannot check out $commit"
    set_maven_options
    (cd "$tree" && mvn -q -B -o -DskipTests "${maven_options[@]}" -pl java/app -am package ||
      mvn -q -B -ntp -DskipTests "${maven_options[@]}" -pl java/app -am package) >"$state/base.log" 2>&1 ||
      die "the base does not build; the log is $state/base.log"
    mkdir -p "$image.part"
    cp "$tree"/java/app/target/mpdp-*.jar "$tree"/java/app/target/lib/*.jar "$image.part/"
    git -C "$root" worktree remove --force "$tree"
    rm -rf "$state"/base-????????????????????????????????????????
    mv -T "$image.part" "$image"
  fi
  echo "$image"
}

# Compiles the program that runs dumped ops under callgrind.
build_runner() {
  g++ -std=gnu++20 -O1 -I"$root/native/include" "$root/native/gate/run_calls.cpp" -o "$state/run_calls" -ldl ||
    die "native/gate/run_calls.cpp does not compile"
}

gate() {
  local base='' arguments=() commit changed folder
  while (($# > 0)); do
    case $1 in
      --base) base=${2:-}; shift; [[ $# == 0 ]] || shift ;;
      --base=*) base=${1#--base=}; shift ;;
      --help | -h) run gate --help ;;
      *) arguments+=("$1"); shift ;;
    esac
  done
  git -C "$root" rev-parse --git-dir >/dev/null 2>&1 || die "the gate compares commits: run it in a git checkout"
  [[ -n $base ]] || base=$(default_base)
  commit=$(git -C "$root" rev-parse --verify --quiet "$base^{commit}") ||
    die "no commit $base here to compare with: name one with --base REV"
  changed=$(changed_kernels "$commit")
  if [[ -z $changed ]]; then
    say "skipped: nothing under ${kernel_folders[*]} differs from $base (${commit:0:12})"
    return
  fi
  has_native_tools || die "the gate needs cmake, ninja and g++"
  folder=$(image bench-image)
  mkdir -p "$state"
  build_runner
  run gate --base "$base" --base-image "$(base_image "$commit")" --image "$folder" --runner "$state/run_calls" \
    --changed "$(paste -sd, <<<"$changed")" "${arguments[@]}"
}
