#!/usr/bin/env bash
# Measures the pages that grow with an organisation in a real browser (Debian's Chromium), on a release build.
#
#   bench/browser.sh            1,000 AI systems
#   SYSTEMS=5000 bench/browser.sh
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
echo "== building (release profile; some minutes the first time)"
cargo build --release --locked --workspace --bins
SURETY=$(realpath "${CARGO_TARGET_DIR:-target}/release/surety")
export SURETY
cd web && exec node e2e/measure.mjs
