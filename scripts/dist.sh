# Sourced by the launcher: `mpdp dist FILE.tar.gz`, an installation without sources.

# The libraries that the native parts of the jars $1 and the runtime in $2 need beside them, and their licences.
copy_all_libraries() {
  local jars=$1 out=$2 file
  mkdir "$out/unpacked"
  for file in "$jars"/mpdp-*.jar; do
    (cd "$out/unpacked" && "$JAVA_HOME/bin/jar" --extract --file "$file" native)
  done
  while read -r file; do
    copy_libraries "$file" "$out/lib" "$out/licences"
  done < <(find "$out/unpacked" "$out/runtime" -name '*.so')
  rm -r "$out/unpacked"
  compgen -G "$out/lib/libmujoco*" >/dev/null || say "this build has no MuJoCo: the installation trains Pendulum-v1 only"
}

# A font for plots, which the runtime then takes instead of the system's, whether that has fontconfig and fonts or not.
copy_font() {
  local out=$1 font=/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf
  if [[ ! -f $font ]]; then
    say "no fonts-dejavu-core here: plots will need fontconfig and fonts where the installation runs"
    return
  fi
  mkdir "$out/runtime/lib/fonts"
  cp "$font" "$out/runtime/lib/fonts/"
  copy_licences "$font" "$out/licences"
  cat >"$out/runtime/lib/fontconfig.properties" <<'PROPERTIES'
version=1
sequence.allfonts=latin-1
allfonts.latin-1=DejaVu Sans
filename.DejaVu_Sans=$JRE_LIB_FONTS/DejaVuSans.ttf
PROPERTIES
}

# Fills folder $2 with an installation of the jars in folder $1.
install_into() {
  local jars=$1 out=$2
  mkdir -p "$out"/{jars,lib,licences}
  cp "$root/scripts/installed" "$out/mpdp"
  cp "$root/LICENSE" "$out/"
  cp "$root/scripts/start.sh" "$out/lib/"
  describe_commit >"$out/lib/commit"
  getconf GNU_LIBC_VERSION | cut -d' ' -f2 >"$out/lib/glibc"
  cp "$jars"/*.jar "$out/jars/"
  link_runtime "$out/runtime"
  # They draw on screens and play sounds, and need libraries for that.
  rm -f "$out"/runtime/lib/lib{awt_xawt,splashscreen,jsound}.so
  copy_all_libraries "$jars" "$out"
  copy_font "$out"
}

# The commit of the checkout, as the app tells it.
describe_commit() {
  git -C "$root" describe --always --dirty --abbrev=40 2>/dev/null || echo unknown
}

dist() {
  local jars version commit name
  [[ $# == 1 && $1 == *.tar.gz ]] || die "usage: ./mpdp dist FILE.tar.gz"
  file=$(readlink -m "$1")
  [[ ! -d $file && -d ${file%/*} && -w ${file%/*} ]] || die "cannot write $file: name a file in a folder that can be written"
  jars=$(image image)
  exec 9<"$jars"
  flock -s 9
  version=$(basename "$jars"/mpdp-app-*.jar .jar)
  commit=$(describe_commit)
  name=mpdp-${version#mpdp-app-}-${commit:0:12}
  [[ $commit != *-dirty ]] || name+=-dirty
  work=$(mktemp -d "$state/dist.XXXXXX")
  trap 'rm -rf "$work" "$file.part"' EXIT
  install_into "$jars" "$work/$name"
  # Equal sources, JDK and libraries give an equal file: names in order, nobody's, of one time.
  tar -C "$work" --sort=name --mtime=@0 --owner=0 --group=0 --numeric-owner --mode=u+rw,go+r,go-w,a+X -cf - "$name" |
    gzip -n >"$file.part" && mv -T "$file.part" "$file" || die "cannot write $file"
  say "$file: $(($(stat -c %s "$file") >> 20)) MiB, unpacks to $name; run $name/mpdp there"
}
