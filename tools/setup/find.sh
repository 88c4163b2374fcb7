# Sourced by the launchers: finds what the set-up has built, without starting a Python for it.
# The names must equal those of turnpike_setup/layout.py; a test compares them.

# Without HOME, as in a service or a job of cron, it is what the account says.
if [[ -z ${HOME-} ]]; then
  unset HOME
  export HOME=~
  if [[ $HOME != /* ]]; then
    echo "turnpike: expected HOME or a home of this account, found neither" >&2
    echo "  try: HOME=/some/folder and the same command again" >&2
    exit 3
  fi
fi
cache=${TURNPIKE_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/turnpike}
case $cache in /*) ;; *) cache=$PWD/$cache ;; esac
export TURNPIKE_CACHE=$cache

# digests FILE...: sets the array `digest` to the first 16 digits of each file's SHA-256.
digests() {
  local line
  digest=()
  while IFS= read -r line; do
    line=${line#\\} # in front of a name with unusual characters
    digest+=("${line:0:16}")
  done < <(sha256sum -- "$@" 2>/dev/null || shasum -a 256 -- "$@")
}

# find_python: sets `python` to a CPython 3.11 that runs, or ends with what would help.
find_python() {
  for python in python3.11 "${PYENV_ROOT:-$HOME/.pyenv}"/versions/3.11.*/bin/python3.11 python3; do
    if "$python" -I -c 'import sys; sys.exit(sys.version_info[:2] != (3, 11))' 2>/dev/null; then
      return
    fi
  done
  echo "turnpike: expected a CPython 3.11 on PATH or among pyenv's versions, found none" >&2
  echo "  try: pyenv install 3.11   (or: apt-get install python3.11 python3.11-venv)" >&2
  exit 3
}

# build ROOT PART: runs the set-up for one part; its progress goes to stderr.
build() {
  local python
  find_python
  "$python" -I "$1/tools/setup" "$2" >/dev/null || exit $?
}

# locate ROOT: sets `core` to turnpike's environment, and TURNPIKE_OPA to the pinned OPA.
locate() {
  digests "$1/tools/locks/core.lock" "$1/tools/opa/go.sum"
  core=$cache/environments/core-${digest[0]}-py3.11
  export TURNPIKE_OPA=$cache/opa/${digest[1]}/opa
}

# find_core ROOT: as `locate`, and builds turnpike's environment unless it is there.
find_core() {
  locate "$1"
  [[ -e $core/.complete && -x $core/bin/python ]] || build "$1" core
}
