# Surety: what can be done here. `make help` lists it.
#
# Every target can be run again. CARGO_TARGET_DIR is honoured.

SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
.PHONY: help web demo demo-fresh tour test e2e screenshots bench fmt lint deny

# Lints and tests always take the whole workspace, so that features resolve alike and nothing is built twice.
ALL := --workspace --locked
TEST := $(shell cargo nextest --version >/dev/null 2>&1 && echo 'nextest run --no-fail-fast' || echo 'test --no-fail-fast')
step = @printf '\n== %s\n' "$(1)"

help: ## this list
	@echo 'make TARGET, where TARGET is one of:'
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  \1\t\2/p' $(MAKEFILE_LIST) | expand -t 14

web: ## put together what browsers get; the next build embeds it (needs Node.js)
	$(call step,files for browsers)
	@if command -v npm >/dev/null; then \
		cd web && npm ci --ignore-scripts --no-audit --no-fund --silent && npm run --silent build; \
	else \
		echo 'no npm: the server is built without them, and its pages say so'; \
	fi

# What `make demo` runs: the program that was just built, the folder of the demo, and where it listens (make demo PORT=4300).
PORT ?= 4200
surety = $${CARGO_TARGET_DIR:-target}/debug/surety
DEMO_DATA ?= target/demo
demo_env = env -u SURETY_CONFIG -u SURETY_DATABASE -u SURETY_ORGANISATION -u SURETY_ACTOR -u SURETY_CLOCK -u SURETY_SIGNING_KEY \
	-u SURETY_SIGNING_KEY_FILE -u SURETY_SERVER -u SURETY_VAULT SURETY_DATA=$(DEMO_DATA) SURETY_LISTEN=127.0.0.1:$(PORT)

demo: web ## build, make a fictional organisation with three years of history, serve it at 127.0.0.1:4200 (PORT=...)
	$(call step,building surety (the first time takes some minutes))
	cargo build --locked -p surety
	$(call step,the demo organisation)
	@$(demo_env) $(surety) demo $(DEMO_OPTIONS)
	$(call step,serving; Ctrl-C ends it)
	@exec $(demo_env) $(surety) serve --log warn

demo-fresh: ## the same, with the organisation made anew
	@$(MAKE) --no-print-directory demo DEMO_OPTIONS=--fresh

tour: ## build, take a small company from its files to a verified audit pack, command by command
	$(call step,building surety (the first time takes some minutes))
	cargo build --locked -p surety
	@examples/tour.sh

test: ## everything that must hold: format, lints, all tests, structure, the Python verifier, the API by its description, the pages in a browser
	$(call step,what the tests need)
	@tools/test-setup/install.sh
	@$(MAKE) --no-print-directory web
	$(call step,format)
	cargo fmt --all --check
	$(call step,lints)
	cargo clippy $(ALL) --all-targets -- -D warnings
	$(call step,tests)
	cargo $(TEST) $(ALL)
	$(call step,the server's tests once more, over PostgreSQL)
	SURETY_TEST_DATABASE=postgres cargo test $(ALL) --test http
	$(call step,structure)
	cargo xtask tidy
	$(call step,the Python verifier)
	python3 -m unittest discover --start-directory tools
	$(call step,the API by its description)
	@tools/contract-test.sh
	@$(MAKE) --no-print-directory e2e
	$(call step,all good)

e2e: ## the pages in a real browser (Debian's Chromium), with what `cargo build --workspace --bins` built
	$(call step,the pages in a browser)
	cd web && npx --no-install playwright test --config e2e/playwright.config.mjs $(E2E)

screenshots: ## the pictures of the README, of the demo
	$(call step,pictures of the demo in docs/screenshots)
	cd web && node e2e/screenshots.mjs

bench: ## measure speed; docs/benchmarks.md says what the figures mean
	$(call step,measuring (release profile; some minutes to build))
	cargo bench --workspace --locked

fmt: ## format the sources
	$(call step,formatting)
	cargo fmt --all

lint: ## format check, lints and structure, without the tests
	$(call step,format)
	cargo fmt --all --check
	$(call step,lints)
	cargo clippy $(ALL) --all-targets -- -D warnings
	$(call step,structure)
	cargo xtask tidy

deny: ## licences and advisories of dependencies (needs cargo-deny and the network)
	cargo deny check
