# Surety: what can be done here. `make help` lists it.
#
# Every target can be run again. CARGO_TARGET_DIR is honoured.

SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
.PHONY: help web demo test bench fmt lint deny

# Lints and tests always take the whole workspace, so that features resolve alike and nothing is built twice.
ALL := --workspace --locked
TEST := $(shell cargo nextest --version >/dev/null 2>&1 && echo 'nextest run --no-fail-fast' || echo 'test --no-fail-fast')
step = @printf '\n== %s\n' "$(1)"

help: ## this list
	@echo 'make TARGET, where TARGET is one of:'
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/  \1\t\2/p' $(MAKEFILE_LIST) | expand -t 10

web: ## put together what browsers get; the next build embeds it (needs Node.js)
	$(call step,files for browsers)
	@if command -v npm >/dev/null; then \
		cd web && npm ci --ignore-scripts --no-audit --no-fund --silent && npm run --silent build; \
	else \
		echo 'no npm: the server is built without them, and its pages say so'; \
	fi

demo: web ## build, make a fictional organisation from examples/, show what it lacks, write and verify an audit pack
	$(call step,building surety (the first time takes some minutes))
	cargo build --locked -p surety
	@examples/demo.sh

test: ## everything that must hold: format, lints, all tests, structure, the Python verifier, the API by its description
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
	cargo build --locked -p surety
	@tools/contract-test.sh
	$(call step,all good)

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
