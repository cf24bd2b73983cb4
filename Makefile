# The front door; `make` alone prints what there is. Everything it makes lies in target/ and
# .venv/, and the records of measurements in results/.

## Variables:
##   PYTHON=/path/to/python   the interpreter to measure, CPython 3.10 to 3.15 (python3)
##   PYTHONS="A B ..."        let `bench` measure each of these, and compare their records
##   PROFILE=NAME             how long to measure: quick, default or thorough (default)
##   RESULTS=FOLDER           where `bench` keeps its record (results)
##   RECORD=FOLDER            the record that `report` reads (the newest of this machine)
##   CHROMIUM=/path/to/it     the browser that `test` opens pages in (the one on the PATH)
PYTHON ?= python3
PROFILE ?= default
RESULTS ?= results
RECORD ?=
CHROMIUM ?= $(firstword $(foreach name,chromium chromium-browser google-chrome,$(shell command -v $(name) 2>/dev/null)))

# What recipes see of the user's environment: where things lie, which tools are meant, and how to
# reach the network. Any other variable could change what is built, or where it is put; what
# `ffi-bench` hands on to builds is less still. PYTHONS is for `ffi-bench build`, CHROMIUM and CI
# are for the tests.
KNOWN := PATH HOME USER LOGNAME SHELL TMPDIR TZ LANG LC_% LD_LIBRARY_PATH DEVELOPER_DIR SDKROOT \
	CC CARGO_HOME RUSTUP_HOME RUSTUP_TOOLCHAIN CARGO_REGISTRIES_% CARGO_REGISTRY_% \
	%_proxy %_PROXY SSL_CERT_FILE SSL_CERT_DIR REQUESTS_CA_BUNDLE CURL_CA_BUNDLE GIT_SSL_CAINFO \
	SSH_AUTH_SOCK NETRC CARGO_HTTP_% CARGO_NET_% PIP_CERT PIP_CLIENT_CERT PIP_CONFIG_FILE \
	PIP_DEFAULT_TIMEOUT PIP_EXTRA_INDEX_URL PIP_FIND_LINKS PIP_INDEX_URL PIP_KEYRING_PROVIDER \
	PIP_PROXY PIP_RETRIES PIP_TIMEOUT PIP_TRUSTED_HOST TERM COLUMNS NO_COLOR CARGO_TERM_% \
	XDG_RUNTIME_DIR DISPLAY PYENV_% ASDF_% MISE_% PYTHONS CHROMIUM CI MAKE% MFLAGS
$(foreach name,$(.VARIABLES),$(if $(filter environment,$(firstword $(origin $(name)))),\
	$(if $(filter $(KNOWN),$(name)),,$(eval unexport $(name)))))

# One environment for each interpreter, so that changing PYTHON never mixes two of them.
# Without a working interpreter the name is of no use, and preflight says so.
VENV := .venv/$(shell $(PYTHON) -E scripts/venv_name.py 2>/dev/null || echo none)
FFI_BENCH := target/harness/ffi-bench --python $(VENV)/bin/python

# PyO3's build script asks this interpreter, not the first one on the PATH.
export PYO3_PYTHON := $(CURDIR)/$(VENV)/bin/python

.DEFAULT_GOAL := help
.NOTPARALLEL:
.PHONY: help preflight setup peers harness doctor bench self-test gates report test test-all fuzz miri neon lint format lock clean

help: ## This list
	@echo "Targets:"
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  %-10s %s\n", $$1, $$2 }' Makefile
	@awk '/^## / { print substr($$0, 4) }' Makefile

# ------------------------------------------------------------------------------ measuring

setup: $(VENV)/build.stamp $(VENV)/audit.stamp harness ## Install the locked tools and build the harness; needs the network, as do the first `make test` and `make lint`

preflight:
	@sh scripts/preflight.sh "$(PYTHON)"

# A stamp is newer than its lock when that lock is installed. Each lock contains the one
# before it: build, test, then lint or browser. The tools of `audit`, and the peers, stand beside
# these. A pip.conf says which registry to ask, but not where to install to.
$(VENV)/%.stamp: requirements/%.txt | preflight
	$(PYTHON) -m venv $(VENV)
	$(VENV)/bin/python -m pip install --no-user --target= --require-hashes --only-binary :all: --requirement $<
	@touch $@

harness: | preflight
	cargo fetch --locked
	for manifest in */mistakes/Cargo.toml; do cargo fetch --locked --manifest-path $$manifest || exit; done
	cargo build --locked --offline --profile harness --package ffi-bench --target-dir target
	@[ -x target/harness/ffi-bench ] || { \
		echo "make harness: cargo left no target/harness/ffi-bench; see what .cargo/config.toml sets, in your home folder and above this one." >&2; \
		exit 1; \
	}

peers: $(VENV)/peers.stamp setup ## Install the libraries that others use for the same job, to be measured beside the contenders by PROFILE=thorough; without them it measures the contenders alone

doctor: setup ## Say what this machine is, and what is missing on it
	@$(FFI_BENCH) doctor

BENCH = bench --profile "$(PROFILE)" --results "$(RESULTS)"

# Only on the command line: in the environment PYTHONS names the interpreters that `ffi-bench
# build` tries wheels on, and always has. On the command line it does both. An interpreter that
# cannot be set up is named to the harness all the same, which finds none there and goes on.
ifeq ($(origin PYTHONS),command line)
bench:
	$(if $(PYTHONS),,$(error PYTHONS names no interpreter, such as in: make bench PYTHONS="python3.11 python3.13"))
	@set --; for python in $(PYTHONS); do \
		$(MAKE) --no-print-directory setup PYTHON="$$python" && \
			set -- "$$@" --python ".venv/$$("$$python" -E scripts/venv_name.py)/bin/python" || \
			set -- "$$@" --python "$$python-is-not-set-up"; \
	done; target/harness/ffi-bench $(BENCH) "$$@"
else
bench: setup ## Build, verify, measure and report all contenders
	@$(FFI_BENCH) $(BENCH)
endif

self-test: $(VENV)/test.stamp setup ## Put the method to the test on this machine, and into its newest record if there is one; 5 minutes, once the contenders are built
	$(FFI_BENCH) build --install-only
	$(FFI_BENCH) verify --skip '$(LARGE)'
	$(FFI_BENCH) self-test $(if $(wildcard $(RESULTS)),--results $(RESULTS))

# What has a [[gate]] in bench/study.toml.
GATED = ^(call/noop|call/pair-length|pair/ascii-8)$$

gates: setup ## Count instructions, and fail where a ratio has left its range; needs valgrind
	$(FFI_BENCH) build --install-only
	$(FFI_BENCH) verify --filter '$(GATED)'
	$(FFI_BENCH) count --no-record --gate --filter '$(GATED)'

report: setup ## Draw the page, tables and charts of a record again, and show it
	@$(FFI_BENCH) report $(RECORD)
	@$(FFI_BENCH) report --terminal $(RECORD)

# ------------------------------------------------------------------------------ changing

# Cases with inputs so large that to answer them once takes minutes in all.
LARGE = ^growth/|^ladder/|-100000$$

# How often to repeat what depends on chance, such as when a signal arrives.
TRIES ?= 3

# The harness alone has its dependencies as `make harness` compiled them; together with the rest of
# the workspace they would get other features, and be compiled once more.
define test_rust
	cargo test --locked --offline --profile harness --package ffi-bench --target-dir target
	cargo test --locked --offline --profile harness --workspace --exclude ffi-bench --target-dir target
endef

# Without a browser its tests are skipped, and -rs says so.
define passed
	@echo "make $@: all Rust and Python tests passed with $$($(VENV)/bin/python --version)$(if $(CHROMIUM),, but those of the page: there is no Chromium)."
endef

# What a user would import is what most profiles build, and the kernels that take every shortcut.
test: $(VENV)/test.stamp $(if $(CHROMIUM),$(VENV)/browser.stamp) setup ## Build, verify and test what a user would import, and the harness, in two processes
	$(FFI_BENCH) build --install-only
	$(FFI_BENCH) build --install-only --only rust_pyo3/fast
	$(FFI_BENCH) verify --skip '$(LARGE)'
	$(test_rust)
	$(VENV)/bin/python -m pytest -rs -n 2 --tries $(TRIES)
	$(passed)

# In one process, because some of these tests keep all processors busy.
test-all: $(VENV)/test.stamp $(VENV)/peers.stamp $(if $(CHROMIUM),$(VENV)/browser.stamp) setup ## Everything there is: all variants and peers, every mistake, 200 repetitions of what depends on chance
	$(FFI_BENCH) build --profile thorough --install-only
	$(FFI_BENCH) verify --profile thorough --skip '$(LARGE)'
	$(test_rust)
	$(VENV)/bin/python -m pytest -rs --thorough --tries 200
	$(passed)

# How long `fuzz` goes on.
SECONDS ?= 60

fuzz: ## Look for inputs on which the fast kernels disagree with the slow ones, for SECONDS=60
	cargo run --release --locked --package levenshtein --features fast --example differential -- $(SECONDS)

miri: ## Run the fast kernels' scalar path under Miri; needs `rustup toolchain install nightly --component miri`
	MIRIFLAGS=-Zmiri-disable-isolation cargo +nightly miri test --locked --package levenshtein \
		--features fast --test fast --target-dir target/miri -- a_little_of_everything

# Debian's packages are gcc-aarch64-linux-gnu and qemu-user.
neon: ## Test the fast kernels on another processor's vectors; needs `rustup target add aarch64-unknown-linux-gnu`, its linker and qemu-aarch64
	CARGO_TARGET_AARCH64_UNKNOWN_LINUX_GNU_LINKER=aarch64-linux-gnu-gcc \
	CARGO_TARGET_AARCH64_UNKNOWN_LINUX_GNU_RUNNER="qemu-aarch64 -L /usr/aarch64-linux-gnu" \
	cargo test --release --locked --package levenshtein --features fast --test fast \
		--target aarch64-unknown-linux-gnu --target-dir target/neon

C_SOURCES = $(shell find c_ext rust_cffi/variants/c_kernel -name '*.[ch]')
# No manifest names these.
RUST_MISTAKES = --edition 2024 */mistakes/*/*.rs

lint: $(VENV)/lint.stamp ## Check formatting, lints and types
	cargo fmt --all --check
	rustfmt --check $(RUST_MISTAKES)
	cargo clippy --locked --workspace --all-targets -- --deny warnings
	$(VENV)/bin/ruff check
	$(VENV)/bin/ruff format --check
	$(VENV)/bin/mypy
	$(VENV)/bin/clang-format --style=file:c_ext/.clang-format --dry-run -Werror $(C_SOURCES)

format: $(VENV)/lint.stamp ## Format all sources
	cargo fmt --all
	rustfmt $(RUST_MISTAKES)
	$(VENV)/bin/ruff check --fix
	$(VENV)/bin/ruff format
	$(VENV)/bin/clang-format --style=file:c_ext/.clang-format -i $(C_SOURCES)

# What is locked already stays as it is while it satisfies the .in files: to upgrade, remove
# the .txt files first.
lock: ## Write requirements/*.txt again from requirements/*.in
	$(PYTHON) -m venv .venv/uv
	.venv/uv/bin/python -m pip install --quiet uv==0.13.9
	cd requirements && for lock in build test lint audit browser peers; do \
		../.venv/uv/bin/uv pip compile --quiet --universal --python-version 3.10 \
			--generate-hashes --custom-compile-command "make lock" \
			--output-file $$lock.txt $$lock.in || exit; \
	done

clean: ## Remove everything that was made, except the records in results/
	rm -rf target .venv .hypothesis .mypy_cache .pytest_cache .ruff_cache
	rm -rf */build */variants/*/build */src/*.egg-info */variants/*/src/*.egg-info
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
