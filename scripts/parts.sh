# Sourced where something is made for machines without JDK and MuJoCo: the runtime, the libraries and their licences.

# Makes folder $1 a Java runtime of the modules that the app needs, tests and benchmarks included.
link_runtime() {
  local modules=java.base,java.desktop,java.logging,java.management,java.naming,java.xml,jdk.management,jdk.unsupported
  "$JAVA_HOME/bin/jlink" --add-modules "$modules" --strip-debug --no-header-files --no-man-pages --compress zip-0 --output "$1" ||
    die "$JAVA_HOME cannot make a runtime: name another JDK with MPDP_JAVA_HOME"
}

# Paths of the shared libraries that a file needs, but for those of glibc and the C++ run time, which every Debian has.
needed_libraries() {
  ldd "$1" | awk '$2 == "=>" && $3 ~ "^/" { print $3 }' |
    grep -vE '/lib(c|m|dl|pthread|rt|stdc\+\+|gcc_s|jvm)\.so[.0-9]*$' || true
}

# Copies licences for library or font $1 into folder $2: of its Debian package, or of the MuJoCo release it lies in.
copy_licences() {
  local file package
  file=$(readlink -f "$1")
  if package=$(dpkg -S "$file" 2>/dev/null || dpkg -S "${file#/usr}" 2>/dev/null); then
    cp "/usr/share/doc/${package%%:*}/copyright" "$2/${package%%:*}"
    return
  fi
  [[ -z ${MUJOCO_PATH:-} ]] ||
    find "$MUJOCO_PATH" -maxdepth 2 \( -name 'LICENSE*' -o -name 'THIRD_PARTY*' \) -exec cp -t "$2" {} +
  compgen -G "$2/LICENSE*" >/dev/null || die "no licence found for $file: put its LICENSE into the folder that MUJOCO_PATH names"
}

# Copies the libraries that file $1 needs into folder $2 and their licences into $3; those beside the file are there already.
copy_libraries() {
  local library
  while read -r library; do
    [[ ${library%/*} != "${1%/*}" && ! -e $2/${library##*/} ]] || continue
    cp -L "$library" "$2/"
    copy_licences "$library" "$3"
  done < <(needed_libraries "$1")
}
