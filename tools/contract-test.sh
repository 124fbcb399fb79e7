#!/usr/bin/env bash
# The server does what its description says: schemathesis asks every operation of /api/v1/openapi.json with what fits the
# description and what does not, as an owner and as a viewer, and looks at each answer.
#
# Needs: a built `surety`, and schemathesis as tools/test-setup/install.sh installs it. Everything else is made and taken
# away again. SURETY_CONTRACT_EXAMPLES says how many requests for each operation; what is given beside goes to schemathesis.
#
# Exit status: 0 all is as described, else not.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

root=$PWD
target=$(realpath "${CARGO_TARGET_DIR:-target}")
surety=${SURETY:-$target/debug/surety}
schemathesis=$target/contract-venv/bin/schemathesis
[[ -x $surety ]] || { echo "no $surety; build it with: cargo build -p surety" >&2; exit 1; }
[[ -x $schemathesis ]] || { echo "no $schemathesis; run tools/test-setup/install.sh" >&2; exit 1; }

work=$(mktemp -d)
server=
finish() {
    [[ -z $server ]] || { kill "$server" 2>/dev/null || true; wait "$server" 2>/dev/null || true; }
    rm -rf "$work"
}
trap finish EXIT

unset SURETY_DATABASE SURETY_ORGANISATION SURETY_ACTOR SURETY_SIGNING_KEY SURETY_SIGNING_KEY_FILE
export SURETY_DATA=$work/data

echo "contract test: a management system to ask about"
{
    "$surety" init --org "Contract test"
    # One date in the inventory is wrong on purpose; the rest goes in.
    SURETY_CLOCK=2026-01-19T08:30:00Z "$surety" import examples/inventory.csv examples/suppliers-and-risks.xlsx || [[ $? == 1 ]]
    SURETY_CLOCK=2026-06-22T09:00:00Z "$surety" apply examples/aims/2026-06
    SURETY_CLOCK=2026-11-20T15:00:00Z "$surety" apply examples/aims/2026-11
    "$surety" record create incident --set title="Wrong bay" --set timezone=Europe/Berlin --set occurred_in=DE
    "$surety" account add owner@example.org --name Owner --role owner --person PER-1
    "$surety" account add viewer@example.org --name Viewer --role viewer --person PER-2
} >"$work/made" 2>&1 || { cat "$work/made" >&2; exit 1; }
owner=$("$surety" account token owner@example.org --name contract --scope write 2>/dev/null)
viewer=$("$surety" account token viewer@example.org --name contract --scope write 2>/dev/null)

"$surety" serve --listen 127.0.0.1:0 --log warn --rate 0 2>"$work/log" &
server=$!
for _ in $(seq 100); do
    place=$(sed -n 's|^serving \(http://[^,]*\),.*|\1|p' "$work/log")
    [[ -z $place ]] || break
    kill -0 "$server" 2>/dev/null || break
    read -rt 0.1 <> <(:) || true
done
[[ -n $place ]] || { cat "$work/log" >&2; exit 1; }

status=0
for who in owner viewer; do
    echo "contract test: as $who"
    # It remembers what failed in the folder where it runs; here every run is the same.
    (cd "$work" && "$schemathesis" --config-file "$root/tools/contract.toml" run "$place/api/v1/openapi.json" \
        --header "Authorization: Bearer ${!who}" \
        ${SURETY_CONTRACT_EXAMPLES:+--max-examples "$SURETY_CONTRACT_EXAMPLES"} "$@") || status=1
done
if grep -q ' ERROR ' "$work/log"; then
    echo "contract test: the server logged errors:" >&2
    grep ' ERROR ' "$work/log" | head -20 >&2
    status=1
fi
exit $status
