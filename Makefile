# `make` or `make help` says what there is. Everything installs into this folder; nothing else is touched, except
# that `make test` as root may install Debian's Chromium where there is no browser.

SHELL := /bin/sh
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:

# PYTHONDONTWRITEBYTECODE makes every start compile everything again (18 s instead of 5); the others would bring
# another installation's modules in.
unexport PYTHONDONTWRITEBYTECODE PYTHONPATH PYTHONHOME VIRTUAL_ENV MAKEFLAGS

# An emptied environment (env -i) has no PATH at all.
PATH ?= /usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
export PATH

# Where pip or npm were told nothing, let them trust what the system trusts.
CA_BUNDLE := $(firstword $(wildcard /etc/ssl/certs/ca-certificates.crt /etc/pki/tls/certs/ca-bundle.crt /etc/ssl/cert.pem))
ifneq ($(CA_BUNDLE),)
PIP_CERT ?= $(CA_BUNDLE)
NODE_EXTRA_CA_CERTS ?= $(CA_BUNDLE)
export PIP_CERT NODE_EXTRA_CA_CERTS
endif

# A service account's home is often not there, or not its own: what is downloaded is kept here then.
ifeq ($(shell test -n "$$HOME" && test -w "$$HOME" && echo ours),)
UV_CACHE_DIR ?= $(CURDIR)/.tools/cache/uv
npm_config_cache ?= $(CURDIR)/.tools/cache/npm
export UV_CACHE_DIR npm_config_cache
endif

INSTALLED := .venv/installed
PY := .venv/bin/python

.PHONY: help
help: ## say what there is
	@awk -F':.*## ' '/^[a-z][a-z-]*:.*## / {printf "  make %-12s %s\n", $$1, $$2}' Makefile

LISTS := $(addprefix requirements/,tools.txt runtime.txt embedded.txt dev.txt assets.txt)

$(INSTALLED): $(LISTS) setup/install.sh setup/find-python.sh
	@sh setup/install.sh
	@touch $@

.PHONY: venv
venv: built-assets ## install what Engage needs, into .venv

# A tenth of a second where nothing in web/theme or package-lock.json changed; it compares contents, not dates.
.PHONY: built-assets
built-assets: $(INSTALLED)
	@.tools/bin/python -m setup.assets

.PHONY: assets
assets: $(INSTALLED) ## make the pages' styles, fonts and icons anew
	@.tools/bin/python -m setup.assets --force

# Ctrl-C while Python is still reading its modules ends it, without a traceback; the demo sees to it from then on.
QUIETLY := 'import runpy, signal, sys; signal.signal(signal.SIGINT, signal.SIG_DFL); \
	sys.argv = sys.argv[1:]; runpy.run_module(sys.argv[0], run_name="__main__", alter_sys=True)'

.PHONY: demo
demo: built-assets ## run everything on this machine, with made-up data (PORT=…, DATABASE_URL=…, REDIS_URL=…, EMAIL_URL=…)
	@exec $(PY) -c $(QUIETLY) demo

.PHONY: clean-demo
clean-demo: ## forget the demo's data and secrets
	@rm -rf .demo

# What takes a minute by itself is left to CI (CI=true), so that this stays under 12 minutes on two cores.
.PHONY: test
test: built-assets a-browser ## run the tests (T='-k words' for some of them, T='-m slow' for those that CI runs too)
	@exec $(PY) -m pytest $(if $(CI)$(T),$(T),-m 'not slow')

# A fifth of a second where there is one.
.PHONY: a-browser
a-browser: $(INSTALLED)
	@sh setup/browser.sh

.PHONY: pictures
pictures: built-assets ## take the pictures of docs/pictures anew, of a demo of its own (P='a-home b1-event' for some)
	@exec $(PY) -m tests.browser.taking_pictures $(P)

.PHONY: mail-pictures
mail-pictures: built-assets a-browser ## take the pictures of docs/mail anew: every kind of letter, in both languages
	@exec $(PY) -m tests.browser.taking_mail_pictures

.PHONY: lint
lint: $(INSTALLED) ## check style, types, layers and security rules
	@sh setup/lint.sh

TEMPLATES := api/templates outreach/templates web/templates

.PHONY: format
format: $(INSTALLED) ## put the code in its standard form
	@$(PY) -m ruff check --fix-only --quiet .
	@$(PY) -m ruff format --quiet .
	@.venv/bin/djangofmt --quiet $(TEMPLATES)

.PHONY: bench
bench: built-assets ## measure, beside the least the job can take (docs/performance.md)
	@exec $(PY) -m bench

.PHONY: drills
drills: built-assets ## make every fault for real and say what held (D='kill_web cache' for some; docs/reliability.md)
	@exec $(PY) -m bench.drills $(D)

.PHONY: truth
truth: built-assets ## live a year in fast motion while a reader holds every letter and page against the rows (Y='30 1': days, seed)
	@exec $(PY) -m bench.truth $(Y)

COMPILE = .tools/bin/uv pip compile --quiet --python $(CURDIR)/.venv/bin/python --python-version 3.12 \
	--universal --generate-hashes --custom-compile-command "make lock" $(UPGRADE)

.PHONY: lock
lock: $(INSTALLED) ## write the hash-locked lists anew (UPGRADE=--upgrade for newer versions)
	@export UV_SYSTEM_CERTS=1; set -e; \
	$(COMPILE) --no-deps requirements/tools.in -o requirements/tools.txt; \
	$(COMPILE) requirements/runtime.in -o requirements/runtime.txt; \
	$(COMPILE) --no-deps requirements/embedded.in -o requirements/embedded.txt; \
	$(COMPILE) requirements/dev.in -o requirements/dev.txt; \
	$(COMPILE) --no-deps requirements/assets.in -o requirements/assets.txt; \
	$(COMPILE) --no-deps requirements/node.in -o requirements/node.txt; \
	$(COMPILE) requirements/sbom.in -o requirements/sbom.txt; \
	.tools/bin/python -m setup.assets.lock $(UPGRADE)

.PHONY: sbom
sbom: $(INSTALLED) ## list what it is made of, as CycloneDX (for a release)
	@sh setup/sbom.sh

.PHONY: clean
clean: ## remove what was installed and built here; the demo's data stays
	@rm -rf .tools .venv .browsers node_modules web/static/web/built staticfiles .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache
