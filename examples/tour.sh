#!/usr/bin/env bash
# A tour of Surety with a fictional company, Nordlicht Mobility GmbH. Read it, or run it with `make tour`.
#
# Everything goes to target/tour (or SURETY_TOUR), fresh each time. Nothing leaves this machine.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

surety=${SURETY:-${CARGO_TARGET_DIR:-target}/debug/surety}
[[ -x $surety ]] || { echo "no $surety; build it with: cargo build -p surety" >&2; exit 1; }
surety=$(realpath "$surety")
tour=${SURETY_TOUR:-target/tour}

rm -rf "$tour"
mkdir -p "$tour"
unset SURETY_DATABASE SURETY_ORGANISATION SURETY_ACTOR SURETY_SIGNING_KEY SURETY_SIGNING_KEY_FILE
export SURETY_DATA=$tour/data

bold='' plain=''
if [[ -t 1 ]]; then bold=$'\033[1m' plain=$'\033[0m'; fi
export LC_ALL=C.UTF-8
say() { printf '\n%s%s%s\n' "$bold" "$*" "$plain"; }

# Shows a command as one would type it, even where its answer goes into a pipe, and runs it.
exec 3>&1
run() {
    { printf '$ surety'; printf ' %q' "$@"; printf '\n'; } >&3
    "$surety" "$@"
}

# The company's history lies in 2026, so the clock is set. Without this, `surety` takes the time of the machine.
today() {
    export SURETY_CLOCK=$1
    say "=== ${1%T*}: $2"
}

# The first lines, and of each what a terminal shows; on a terminal surety sees to that itself.
top() { sed -En "s/^(.{${COLUMNS:-160}}).*/\1/; 1,$1p"; }

today 2026-01-19T08:30:00Z "the company starts with the files that it has"
run init --org "Nordlicht Mobility GmbH"

say "An inventory as CSV, suppliers and risks as a workbook, a bill of materials, cards of a model and of datasets."
echo "It ends with exit status 1, and rightly: one date in the inventory says \"soon\". Everything else goes in."
status=0
run import examples/inventory.csv examples/suppliers-and-risks.xlsx examples/lumi.cdx.json \
    examples/damage-detection/dataset-card.md examples/damage-detection/model-card.md \
    examples/route-optimiser/ride-requests.croissant.json | grep -v '^  note: ' | sed -E "s/^(.{${COLUMNS:-160}}).*/\1/" || status=$?
[[ $status == 1 ]] || { echo "the import ended with $status instead of 1" >&2; exit 1; }

today 2026-06-22T09:00:00Z "policies, decisions on controls and first evidence, kept as YAML in git"
run apply examples/aims/2026-06 | tail -n 3

today 2026-11-20T15:00:00Z "more evidence, an internal audit and its findings"
run apply examples/aims/2026-11 | tail -n 3

say "The Statement of Applicability. The workbook holds the whole matrix."
run soa | grep '^[0-9]* controls x'
run soa --format xlsx -o "$tour/SoA.xlsx"

say "No colour without a reason: why one cell is as it is."
run soa --why A.6.2.6:SYS-7

say "What the standard still asks for."
run gap | top 22

say "The top of the action plan."
run plan --top 8 | top 13

say "What is due within a month, overdue first."
run due --days 30 | top 24

say "What changed since the summer."
run diff gap --from 2026-06-30 | top 12

say "How much of ISO/IEC 27001 the same work answers."
run coverage --from iso42001 --to iso27001 | top 20

today 2026-11-20T16:00:00Z "the EU AI Act: also for the companies that were bought, and for projects of customers"
run import examples/group-inventory.csv | tail -n 1

say "The answers of the procedure, one file for each AI system, with the reason in words."
run apply examples/aims/2026-11-law | tail -n 1

say "All classes at once. \"surety classify SYS-20\" tells why, and what would change the class."
run classify --all --save --quiet | top 36

say "What one of them brings: a picture generator that a new prohibition reaches on 2 December."
run obligations SYS-20 | top 18

say "What starts next, for whom."
run law calendar | grep -E '^(2026-1[12]|2027|2028)' | top 12

say "An audit pack: records, evidence, ledger, proofs, and a reader that opens from disk."
run pack -o "$tour/audit-pack.zip"

say "The auditor verifies it with nothing but the file, and the key as the company printed it on paper."
vkey=$("$surety" ledger keys | tail -n 1)
run verify "$tour/audit-pack.zip" --vkey "$vkey"
if python3 -c 'import sys, cryptography; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
    say "Once more, without any code of Surety."
    echo "\$ python3 tools/verify_pack.py $tour/audit-pack.zip --vkey ${vkey%%+*}+..."
    python3 tools/verify_pack.py "$tour/audit-pack.zip" --vkey "$vkey" | tail -n 6
else
    say "tools/verify_pack.py does the same without any code of Surety; it needs Python 3.11 and its package cryptography."
fi

say "Now look into $tour: SoA.xlsx, audit-pack.zip (open index.html in it), and data, where you can go on:"
echo "SURETY_DATA=$SURETY_DATA $(realpath --relative-to=. "$surety") soa"
