#!/usr/bin/env bash
# Measures the server under load: 32 connections from wrk, on the same machine as the server.
#
# Makes an organisation with 1,000 AI systems in a folder of its own, starts the server on it, and prints a table: requests
# a second, median and 99th percentile of the time for one, and how many were not answered with success. Beside it stands a
# bare axum server that says "hello", so that figures can be read as ratios. docs/benchmarks.md says what was found.
#
#   bench/load.sh            all of it, on SQLite
#   SECONDS_EACH=3 bench/load.sh    quicker and rougher
#   BENCH_DATABASE=postgres://... bench/load.sh    on an empty database of that address
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

each=${SECONDS_EACH:-10}
systems=${SYSTEMS:-1000}
connections=32
command -v wrk >/dev/null || { echo "no wrk; install it: apt-get install wrk" >&2; exit 1; }

echo "== building (release profile; some minutes the first time)"
cargo build --release --locked --workspace --bins
bin=${CARGO_TARGET_DIR:-target}/release
surety=$(realpath "$bin/surety") hello=$(realpath "$bin/surety-hello")

work=$(mktemp -d)
pids=()
end() {
    for pid in "${pids[@]}"; do kill "$pid" 2>/dev/null || true; done
    wait 2>/dev/null || true
    rm -rf "$work"
}
trap end EXIT
unset "${!SURETY_@}" 2>/dev/null || true
export SURETY_DATA=$work/data
[[ -z ${BENCH_DATABASE:-} ]] || export SURETY_DATABASE=$BENCH_DATABASE

echo "== an organisation with $systems AI systems"
{
    echo "name,purpose,owner,status"
    for number in $(seq "$systems"); do
        echo "System $number,Forecasts the demand of line $number and proposes a timetable,Head of line $((number % 20)),in operation"
    done
} >"$work/systems.csv"
"$surety" --quiet init --org Load >/dev/null
"$surety" --quiet import "$work/systems.csv" >/dev/null
"$surety" --quiet account add load@load.example --name Load --role owner --person PER-1 >/dev/null
echo "heron lantern gravel whistle" | "$surety" --quiet account password load@load.example --password-stdin >/dev/null
token=$("$surety" --quiet account token load@load.example --name load --scope write)

start() { # start LOG COMMAND...: runs a server, and gives its address as soon as it has one
    local log=$1
    shift
    "$@" 2>"$log" >&2 &
    pids+=($!)
    # A line may name more than one address; the first is where it listens.
    until address=$(grep -om1 '^[^,]*http://[0-9.:]*' "$log"); do
        kill -0 "${pids[-1]}" 2>/dev/null || { cat "$log" >&2; exit 1; }
    done
    address=http://${address##*http://}
}

now() { date +%s%N; }

echo "== from the start to the first answer"
begun=$(now)
start "$work/log" "$surety" serve --listen 127.0.0.1:0 --rate 0 --log warn
api=$address/api/v1/organisations/load
until curl -sf --max-time 10 -o "$work/soa.json" -H "Authorization: Bearer $token" "$api/soa"; do :; done
echo "first Statement of Applicability after $((($(now) - begun) / 1000000)) ms, $(stat -c %s "$work/soa.json") bytes"
server=${pids[-1]}
start "$work/hello" "$hello"
bare=$address

printf '\n%-48s %12s %10s %10s %8s\n' "what" "requests/s" "median" "p99" "failed"
who="Authorization: Bearer $token"
measure() { # measure NAME URL [OPTIONS OF WRK]: as whoever "$who" says
    local name=$1 url=$2 out
    shift 2
    curl -s -o /dev/null -H "$who" "$url"
    out=$(TOKEN=$token wrk -t2 -c"$connections" -d"${each}s" --latency -H "$who" "$@" "$url")
    awk -v name="$name" '
        /50%/ { median = $2 } /99%/ { last = $2 } /Requests\/sec/ { rate = $2 }
        /Non-2xx/ { failed = $NF } /Socket errors/ { failed = failed $0 }
        END { printf "%-48s %12s %10s %10s %8s\n", name, rate, median, last, failed ? failed : 0 }' <<<"$out"
}
measure "bare axum, hello" "$bare/"
measure "/healthz" "${api%/api*}/healthz"
measure "list 100 of $systems AI systems" "$api/records/ai_system"
measure "the same, another page each time" "$api/records/ai_system" -s bench/pages.lua
measure "one AI system" "$api/records/ai_system/SYS-7"
measure "Statement of Applicability" "$api/soa"
measure "the same, compressed (as browsers ask for it)" "$api/soa" -H "Accept-Encoding: gzip"
measure "gap analysis" "$api/gap"
measure "one item of evidence stated" "$api/records/evidence_item" -s bench/write.lua
measure "the plan, while nobody writes" "$api/plan"

pages=${api%/api*}/o/load
cookie=$(curl -s -o /dev/null -D - -H 'Content-Type: application/json' --data '{"email":"load@load.example","password":"heron lantern gravel whistle"}' \
    "${api%/api*}/api/v1/sign-in" | grep -io 'surety=[^;]*')
who="Cookie: $cookie"
measure "page: Today" "$pages"
measure "page: an AI system" "$pages/records/ai_system/SYS-7"
measure "page: 100 of $systems AI systems" "$pages/records/ai_system"
measure "page: Statement of Applicability" "$pages/soa" -H "Accept-Encoding: gzip"
grep -E 'VmHWM|VmRSS' "/proc/$server/status"

echo "== idle, with the demo organisation"
env -u SURETY_DATABASE "$surety" --quiet --data "$work/demo" demo --listen 127.0.0.1:0 >/dev/null 2>&1
begun=$(now)
start "$work/demo.log" env -u SURETY_DATABASE "$surety" --data "$work/demo" serve --listen 127.0.0.1:0 --log warn
until curl -sf -o /dev/null "$address/healthz"; do :; done
echo "first answer after $((($(now) - begun) / 1000000)) ms"
demo_token=$(env -u SURETY_DATABASE "$surety" --quiet --data "$work/demo" account token wiebke.carstensen@nordlicht.example --name load --scope read)
curl -sf -o /dev/null -H "Authorization: Bearer $demo_token" "$address/api/v1/organisations/nordlicht-mobility-gmbh/soa"
echo "first Statement of Applicability after $((($(now) - begun) / 1000000)) ms"
grep VmRSS "/proc/${pids[-1]}/status"
