# Portico.  `make run` is all that a new machine needs; `make help` lists the rest.
# One non-recursive file; sources are listed, and `make check` says if one is forgotten.

PORT ?= 8080
VAR  ?= var
DB   ?=
export PORT VAR DB

SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
MAKEFLAGS += --no-builtin-rules --no-print-directory
.DELETE_ON_ERROR:
.SUFFIXES:
.DEFAULT_GOAL := help

# ---- sources, floor by floor --------------------------------------------------------------------
BASE_SRC := arena base64url buf conf csv date hours log money str xml zone
WIRE_SRC := crypt db db_part fcgi json mail pdf pdf_fontconf pdf_latin pdf_logo pdf_shape pdf_tail pdf_text qr
CORE_SRC := access admin_query anchor api_key audit body called cbor chain chain_verify export gate lines mask metrics opening origin outbox \
            passkey password prepared problem products query query_export query_json query_system rights rights_load rights_most rights_role role_spec \
            seal session sold statement stream throttle totp tree view webauthn worker
TRADE_SRC := alert bill_cancel bill_check bill_discount bill_issue bill_minimum bill_rate bill_run bill_trial bill_usage brand brand_publish bulk \
             charge colour credit credit_chain credit_load credit_sum credit_write demo demo_bill demo_check demo_customer demo_data \
             demo_doc demo_pay demo_rng demo_state demo_tenant discount early_end follow ledger letter migrate minimum move payout period post \
             price price_bands price_rules rate reconcile rehearse rehearse_case rehearse_load rehearse_node rehearse_print \
             rehearse_usage role self_bill sepa simulate site subscribe transfer usage usage_hours usage_keep usage_line usage_sold usage_vary
PAPER_SRC := bill_part format html load load_statement pdf pdf_lines pdf_sum sealed sheet words payout
PAGE_SRC := agreement alert api_key approval audit bill_run bill_run_move credential credit customer discount document draft \
            exchange_rate explain incoming member meta minimum move offering offering_bundle offering_hours offering_name offering_price offering_variant openapi \
            opening passkey password payment payout price_draft price_list price_simulate product product_part reject role role_give \
            role_read role_user segment self_bill session session_passkey statement subscription subscription_bundle subscription_change \
            subscription_order subscription_preview refund subscription_read system tax_rule tenant tenant_tax totp transfer usage usage_reject user view
ROOT_SRC  := route transaction second intake batch start alert_letter cli_admin cli_approve cli_bill_run cli_explain cli_price cli_rate \
             cli_rehearse cli_stop cli_usage cli_settle
MAIN_SRC  := main job cli

UNIT_SRC  := test_base test_money test_json test_rights test_seal test_statement test_access test_plans test_brand test_demo test_audit \
             test_chain test_latin test_paper test_paper_channel test_password test_mail test_webauthn test_totp test_csv test_price \
             test_bill_run test_bill_usage test_usage_late test_usage_ranges test_bill_cancel test_bill_trouble test_reconcile test_second test_calendar test_zone \
             test_mask test_credit test_rows test_discount test_minimum test_currency test_subscribe test_ledger test_self_bill test_sepa

BENCH_SRC := ref_sql ref_fcgi paper worker-constant

FUZZ_SRC  := fuzz_cbor fuzz_intake fuzz_json fuzz_lines fuzz_number fuzz_seal fuzz_text fuzz_usage fuzz_zone
FUZZ_OF   := $(BASE_SRC:%=base/%) wire/crypt wire/db wire/db_part wire/fcgi wire/json $(CORE_SRC:%=core/%) intake trade/price trade/usage_line

SRC := $(BASE_SRC:%=base/%) $(WIRE_SRC:%=wire/%) $(CORE_SRC:%=core/%) $(TRADE_SRC:%=trade/%) $(PAPER_SRC:%=paper/%) \
       $(PAGE_SRC:%=page/%) $(ROOT_SRC)

PROGRAMS := portico-worker portico-jobs portico
MAIN_portico-worker := main
MAIN_portico-jobs   := job
MAIN_portico        := cli

# ---- flags --------------------------------------------------------------------------------------
CC := gcc
WARN := -Wall -Wextra -Werror -Wshadow -Wstrict-prototypes -Wmissing-prototypes -Wwrite-strings -Wformat=2 -Wvla \
        -Wpointer-arith -Wconversion -Wno-sign-conversion
LIBRARIES := cairo pango pangocairo pangofc fontconfig librsvg-2.0 libcjson libcurl libqrencode libssl libcrypto libmariadb

# Asked once, and only by what compiles: on a new machine the packages come first.
pkg = $(eval pkg := $(shell pkg-config --cflags $(LIBRARIES) | sed 's/-I/-isystem /g'))$(pkg)
LIBS = $(eval LIBS := $(shell pkg-config --libs $(LIBRARIES)) -lfcgi -lm -lpthread)$(LIBS)

CPPFLAGS = -Ifcgi -I. -Ibuild/gen -D_GNU_SOURCE $(pkg)
HARDEN   := -fstack-protector-strong -fstack-clash-protection -fcf-protection -fPIE
CFLAGS   := -std=gnu11 -O2 -g -pthread $(WARN) $(HARDEN)
FORTIFY  := -D_FORTIFY_SOURCE=2
LDFLAGS  := -pie -pthread -Wl,-z,relro,-z,now -Wl,-z,noexecstack -Wl,--as-needed
FUZZ     := -fsanitize=fuzzer-no-link,address,undefined -fno-sanitize-recover=all
SANITIZE := -fsanitize=address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer

# One short line a step; V=1 shows the commands.
Q := $(if $(V),,@)
say = $(if $(V),,@printf '  %-6s %s\n' '$(1)' '$(2)')

# ---- what people ask for ------------------------------------------------------------------------
.PHONY: help
help: ## this list
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-10s %s\n", $$1, $$2 }' Makefile
	@echo '  Variables: PORT=$(PORT) VAR=$(VAR) DB=  (DB: an external MariaDB instead of a private one, see tools/run.sh)'

.PHONY: run stop status reset logs
run: ## build it and start it on 127.0.0.1:PORT, with everything it needs under VAR
	@MAKE='$(MAKE)' DEMO="$${DEMO---leave-month}" tools/run.sh start
stop: ## stop what `make run` started
	@tools/run.sh stop
status: ## what is running, and since when
	@tools/run.sh status
reset: ## stop, and remove VAR with all its data
	@tools/run.sh reset
logs: ## follow the logs
	@tools/run.sh logs

.PHONY: test check proof bench pictures deps
test: ## the whole truth: check, unit, and everything that needs a running system
	@MAKE='$(MAKE)' tools/test.sh
check: ## floors, format, sizes, and what the house rules forbid
	@tools/check.sh
proof: ## who may see what, and every amount, proved at full size; PROOF=lists,matrix or PROOF=money chooses, SIZE=0.1 makes them smaller
	@tools/deps.sh test
	@$(MAKE) all
	@BIN=build node tests/access/proof/main.mjs
bench: ## speed, as ratios to a reference in the same run
	@tools/deps.sh test
	@$(MAKE) all $(BENCH_SRC:%=build/bench/%)
	@node tests/bench/bench.mjs
pictures: ## the pictures of README, taken from the running demo
	@tools/deps.sh test
	@node tools/pictures.mjs
deps: ## install the Debian packages and node modules that are missing
	@tools/deps.sh

.PHONY: all asan
all: $(PROGRAMS:%=build/%) build/www.stamp build/passwords ## build the programs and the front end
asan: $(PROGRAMS:%=build/asan/%) build/passwords ## the same programs with the address and undefined behaviour sanitizers

.PHONY: format clean
format: ## put all C into the house's format
	@clang-format -i $(shell find fcgi tests/unit -name '*.[ch]')
clean: ## remove what was built
	rm -rf build

# ---- C ------------------------------------------------------------------------------------------
OBJ      := $(SRC:%=build/obj/%.o)
ASAN_OBJ := $(SRC:%=build/asan/obj/%.o)

# Rewritten only when the flags change, so that a new source does not rebuild the others.
build/flags: FORCE
	@mkdir -p $(@D); echo '$(CC) $(CFLAGS) $(FORTIFY) $(SANITIZE)' | cmp -s - $@ || echo '$(CC) $(CFLAGS) $(FORTIFY) $(SANITIZE)' > $@
FORCE:

QUERY_SQL := $(wildcard schema/query/*.sql)
VOCABULARY := $(wildcard schema/*.def)
build/gen/query.def: tools/sqlgen.awk $(VOCABULARY) $(QUERY_SQL)
	@mkdir -p $(@D)
	$(call say,SQL,$@)
	$(Q)awk -f tools/sqlgen.awk $(VOCABULARY) $(QUERY_SQL) > $@.new && mv $@.new $@

build/obj/%.o: fcgi/%.c build/flags | build/gen/query.def
	@mkdir -p $(@D)
	$(call say,CC,$@)
	$(Q)$(CC) $(CPPFLAGS) $(FORTIFY) $(CFLAGS) -MMD -MP -c -o $@ $<

build/asan/obj/%.o: fcgi/%.c build/flags | build/gen/query.def
	@mkdir -p $(@D)
	$(call say,CC,$@)
	$(Q)$(CC) $(CPPFLAGS) $(CFLAGS) -O1 $(SANITIZE) -MMD -MP -c -o $@ $<

.SECONDEXPANSION:
$(PROGRAMS:%=build/%): build/%: $$(OBJ) build/obj/$$(MAIN_$$*).o
	$(call say,LINK,$@)
	$(Q)$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $^ $(LIBS)

$(PROGRAMS:%=build/asan/%): build/asan/%: $$(ASAN_OBJ) build/asan/obj/$$(MAIN_$$*).o
	$(call say,LINK,$@)
	$(Q)$(CC) $(CFLAGS) -O1 $(SANITIZE) $(LDFLAGS) -o $@ $^ $(LIBS)

# Each unit test is a program of its own.
.PHONY: unit
unit-names:
	@echo $(UNIT_SRC)
unit: $(UNIT_SRC:%=build/asan/unit/%)

build/asan/unit/%.o: tests/unit/%.c build/flags | build/gen/query.def
	@mkdir -p $(@D)
	$(call say,CC,$@)
	$(Q)$(CC) $(CPPFLAGS) $(CFLAGS) -O1 $(SANITIZE) -MMD -MP -c -o $@ $<

$(UNIT_SRC:%=build/asan/unit/%): build/asan/unit/%: build/asan/unit/%.o $$(ASAN_OBJ)
	$(call say,LINK,$@)
	$(Q)$(CC) $(CFLAGS) -O1 $(SANITIZE) $(LDFLAGS) -o $@ $^ $(LIBS) -lcmocka

# What the bench measures with, beside what it measures.
build/bench/%.o: tests/bench/%.c build/flags | build/gen/query.def
	@mkdir -p $(@D)
	$(call say,CC,$@)
	$(Q)$(CC) $(CPPFLAGS) $(FORTIFY) $(CFLAGS) -MMD -MP -c -o $@ $<

build/bench/ref_sql build/bench/ref_fcgi: %: %.o build/bench/plan.o
	$(call say,LINK,$@)
	$(Q)$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $^ $(LIBS)

build/bench/paper: build/bench/paper.o $(OBJ)
	$(call say,LINK,$@)
	$(Q)$(CC) $(CFLAGS) $(LDFLAGS) -Wl,--wrap=cairo_show_text_glyphs,--wrap=cairo_show_page \
	    -Wl,--wrap=cairo_pdf_surface_create_for_stream -o $@ $^ $(LIBS)

build/bench/worker-constant: build/bench/constant.o build/obj/main.o $(OBJ)
	$(call say,LINK,$@)
	$(Q)$(CC) $(CFLAGS) $(LDFLAGS) -Wl,--wrap=customer_list -o $@ $^ $(LIBS)

# A worker with some sources changed, for tests/access/proof/without.mjs: what lies under WITHOUT takes the place of
# the same file here.  Never a part of a normal build.
ifdef WITHOUT
CHANGED := $(patsubst $(WITHOUT)/fcgi/%.c,%,$(shell find $(WITHOUT)/fcgi -name '*.c'))

$(WITHOUT)/obj/%.o: $(WITHOUT)/fcgi/%.c
	@mkdir -p $(@D)
	$(call say,CC,$@)
	$(Q)$(CC) -I$(WITHOUT) -I$(WITHOUT)/gen -I$(dir fcgi/$*) $(CPPFLAGS) $(FORTIFY) $(CFLAGS) -Wno-error -c -o $@ $<

$(WITHOUT)/portico-worker: $(filter-out $(CHANGED:%=build/obj/%.o),$(OBJ) build/obj/main.o) $(CHANGED:%=$(WITHOUT)/obj/%.o)
	$(call say,LINK,$@)
	$(Q)$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $^ $(LIBS)
endif

# Parsers under libFuzzer.  An archive, so that a target can bring a part of its own instead.
.PHONY: fuzz
fuzz: $(FUZZ_SRC:%=build/fuzz/%) ## the fuzz targets; tests/fuzz runs them

build/fuzz/obj/%.o: fcgi/%.c build/flags | build/gen/query.def
	@mkdir -p $(@D)
	$(call say,FUZZ,$@)
	$(Q)clang $(CPPFLAGS) -std=gnu11 -O1 -g $(FUZZ) -MMD -MP -c -o $@ $<

build/fuzz/parsers.a: $(FUZZ_OF:%=build/fuzz/obj/%.o)
	$(Q)rm -f $@ && ar rcs $@ $^

$(FUZZ_SRC:%=build/fuzz/%): build/fuzz/%: tests/fuzz/%.c tests/fuzz/fuzz.h build/fuzz/parsers.a
	$(call say,LINK,$@)
	$(Q)clang $(CPPFLAGS) -std=gnu11 -O1 -g -Wall -Wextra -Werror $(FUZZ) -fsanitize=fuzzer -o $@ $< build/fuzz/parsers.a $(LIBS)

.SECONDARY:
-include $(shell find build -name '*.d' 2>/dev/null)

# ---- known passwords ----------------------------------------------------------------------------
build/passwords: tools/passwords.mjs
	@mkdir -p $(@D)
	$(call say,LIST,$@)
	$(Q)node tools/passwords.mjs > $@.new && mv $@.new $@

# ---- front end ----------------------------------------------------------------------------------
FRONT := $(shell find www themes -type f 2>/dev/null)

node_modules/.installed: package.json package-lock.json
	npm ci --no-audit --no-fund
	@touch $@

build/www.stamp: tools/www.mjs node_modules/.installed $(FRONT)
	@mkdir -p $(@D)
	$(call say,WWW,build/www)
	$(Q)node tools/www.mjs build/www
	@touch $@
