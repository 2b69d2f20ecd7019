#!/usr/bin/env bash
# Makes the virtual environment and installs the pinned packages. torch comes first and for the CPU only: anything that
# drags in another torch brings gigabytes of CUDA (set CONSILIUM_TORCH=default to take your index's own build).
set -euo pipefail
python=$1
venv=$2
"$python" - <<'PY' || { echo "Consilium needs Python 3.11, 3.12 or 3.13: make PYTHON=/path/to/python3.11" >&2; exit 1; }
import sys
sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))
PY
if [ ! -x "$venv/bin/python" ]; then
  echo "Making the virtual environment in $venv with $("$python" --version)…"
  "$python" -m venv "$venv"
fi
pip=("$venv/bin/python" -m pip --disable-pip-version-check install --quiet --quiet)
if ! "$venv/bin/python" -c 'import importlib.metadata as m, sys; sys.exit(not m.version("torch").startswith("2.13.0"))' 2>/dev/null; then
  echo "Installing torch 2.13.0 for the CPU (about 190 MB)…"
  if [ "${CONSILIUM_TORCH:-cpu}" = default ]; then
    "${pip[@]}" "torch==2.13.0"
  elif [ "$(uname -s)" != Linux ] || ! "${pip[@]}" --no-deps "torch==2.13.0+cpu" 2>/dev/null; then
    "${pip[@]}" --no-deps --index-url "https://download.pytorch.org/whl/cpu" "torch==2.13.0" 2>/dev/null \
      || "${pip[@]}" "torch==2.13.0"
  fi
fi
echo "Installing the pinned packages (a few minutes the first time)…"
"${pip[@]}" --no-deps -r requirements.txt -r requirements-dev.txt
"${pip[@]}" --no-deps --no-build-isolation --editable .
command -v tesseract >/dev/null || echo "Note: tesseract is not installed, so scanned pages are not read (apt-get install tesseract-ocr)."
echo "Ready."
