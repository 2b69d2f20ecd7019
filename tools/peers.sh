#!/usr/bin/env bash
# Makes one virtual environment for each peer, kept out of the product's own: tools/peers.sh PYTHON FOLDER.
# torch comes first and for the CPU only, as in setup.sh, so that all systems compute with the same build.
set -euo pipefail
python=$1
cache=$2
here=$(cd "$(dirname "$0")/.." && pwd)
mkdir -p "$cache"
for peer in haystack llamaindex langchain txtai; do
  venv=$cache/$peer
  pins=$here/requirements-peers-$peer.txt
  if cmp --silent "$pins" "$venv/.installed"; then continue; fi
  echo "Installing $peer into $venv (a minute or two)…"
  [ -x "$venv/bin/python" ] || "$python" -m venv "$venv"
  pip=("$venv/bin/python" -m pip --disable-pip-version-check install --quiet --quiet)
  if ! "$venv/bin/python" -c 'import importlib.metadata as m, sys; sys.exit(not m.version("torch").startswith("2.13.0"))' 2>/dev/null; then
    if [ "${CONSILIUM_TORCH:-cpu}" = default ]; then
      "${pip[@]}" "torch==2.13.0"
    elif [ "$(uname -s)" != Linux ] || ! "${pip[@]}" --no-deps "torch==2.13.0+cpu" 2>/dev/null; then
      "${pip[@]}" --no-deps --index-url "https://download.pytorch.org/whl/cpu" "torch==2.13.0" 2>/dev/null \
        || "${pip[@]}" "torch==2.13.0"
    fi
  fi
  "${pip[@]}" --no-deps -r "$pins"
  cp "$pins" "$venv/.installed"
done
