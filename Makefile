# Tributary. 'make help' lists the targets.

SHELL := /bin/bash
.DEFAULT_GOAL := help
BIN := bin/tributary
APP := web/app
GO_SOURCES = $(shell find cmd data geo migrations tiles web \( -path web/app -o -path web/dist \) -prune -o \( -name '*.go' -o -name '*.sql' -o -name '*.html' -o -name '*.json' -o -name '*.csv' -o -name '*.gz' \) -print 2>/dev/null) go.mod go.sum
APP_SOURCES = $(shell find $(APP) -path $(APP)/node_modules -prune -o -type f -print 2>/dev/null)

.PHONY: help
help: ## Explain the targets
	@grep -hE '^[a-z-]+:.*?## ' $(MAKEFILE_LIST) | awk -F ':.*?## ' '{printf "  make %-10s %s\n", $$1, $$2}'

.PHONY: setup
setup: ## Install what is missing (PostgreSQL with PostGIS, Node 20+, a C compiler)
	@.ci/setup

.PHONY: run
run: setup build ## Start the map on http://127.0.0.1:8080 with a private database
	@exec $(BIN) serve --development-issuer

.PHONY: build
build: $(BIN) ## Build the web app and the binary bin/tributary

$(BIN): web/dist/.vite/manifest.json $(GO_SOURCES)
	@echo "building $@" >&2
	@go build -o $@ ./cmd/tributary

$(APP)/node_modules/.package-lock.json: $(APP)/package-lock.json
	@echo "installing the web app's packages" >&2
	@cd $(APP) && npm ci --ignore-scripts --no-audit --no-fund --loglevel=error
	@touch $@

web/dist/.vite/manifest.json: $(APP)/node_modules/.package-lock.json $(APP_SOURCES)
	@echo "building the web app" >&2
	@cd $(APP) && npm run --silent build
	@touch $@

# What mostly waits for the database and the browser is tested without the race
# detector, under which its clients take several times the processor.
WAITING := ./cmd/tributary ./data/postgis ./web

.PHONY: test
test: ## Test everything, on a real PostGIS and in a real browser
	@.ci/setup --test
	@$(MAKE) --no-print-directory build
	@cd $(APP) && npm run --silent test && npm run --silent test:built
	go test -timeout 40m $(WAITING)
	go test -race -timeout 40m $$(go list ./... | grep -vxF "$$(go list $(WAITING))")

.PHONY: race
race: build ## Test everything under the race detector: three quarters of an hour
	go test -race -timeout 60m ./...

.PHONY: check
check: build ## Lint, format, and whether generated files are up to date
	@test -z "$$(gofmt -l cmd data geo migrations tiles web | tee /dev/stderr)"
	go vet ./...
	go run honnef.co/go/tools/cmd/staticcheck@v0.7.0 ./...
	@cd $(APP) && npm run --silent check
	go run ./data/reference/generate -check
	go test ./web ./data/postgis -run 'TestOpenAPIIsUpToDate|TestLedgerQueriesAreUpToDate'

.PHONY: generate
generate: ## Make the generated files again: boundaries, towns, the API's description, the ledger's queries
	go run ./data/reference/generate
	go test ./web -run TestOpenAPIIsUpToDate -update
	go test ./data/postgis -run TestLedgerQueriesAreUpToDate -update

# What is compared with its floor in the same run; cold and warm are apart. N says
# how many facts are made up, 1000000 unless it is given; DATABASE is the address
# of a database that is full already.
BENCHES := Growth|ProjectionLoad|ProjectionHeat|Tiles|FactTiles|Questions|ChangeLog|Freshness|FreshTile|WarmTile|OthersUnderAbuse

.PHONY: bench
bench: build ## Measure against floors in the same run: a million facts, or N=10000000
	@uptime
	@set -o pipefail; go test -p 1 -run '^$$' -bench '^Benchmark($(BENCHES))$$' -benchtime 1x -timeout 120m ./data/facts ./data/postgis ./web 2>&1 | awk -f .ci/bench.awk

.PHONY: bench-all
bench-all: build ## Run every benchmark there is
	@set -o pipefail; go test -p 1 -run '^$$' -bench . -benchtime 3x -timeout 120m ./... 2>&1 | awk -f .ci/bench.awk

# The database of vulnerabilities comes as a Go module, so that no other server
# need be reached. What is looked at is built by the compiler that go.mod names,
# whichever the machine has.
.PHONY: vuln
vuln: ## Look for known vulnerabilities in what the program calls
	@dir=$$(mktemp -d) && trap 'rm -rf "$$dir"' EXIT && cd "$$dir" && go mod init vuln 2>/dev/null && \
	osv=$$(go mod download -json golang.org/x/vulndb@latest | sed -n 's/^\t"Dir": "\(.*\)",/\1/p')/data/osv && \
	go run golang.org/x/vulndb/cmd/indexdb@latest -vulns "$$osv" -out "$$dir/db" && \
	cd $(CURDIR) && GOTOOLCHAIN=$$(sed -n "s/^toolchain //p" go.mod) go run golang.org/x/vuln/cmd/govulncheck@v1.8.0 -db "file://$$dir/db" ./...

.PHONY: chaos
chaos: build ## Make faults of every kind under load, for half an hour or so: N says how many
	go test -tags chaos -count=1 -timeout 6h -v -run 'EveryMessage|NobodyQueues|Partition' ./web
	go test -tags chaos -count=1 -timeout 6h -v -run 'Chaos|DiskIsFull|KilledHalfWay|DatabaseHangs|ClocksDiffer' ./cmd/tributary $(if $(N),-args -faults $(N))

.PHONY: clean
clean: ## Remove what was built; the data directory stays
	rm -rf bin $(APP)/node_modules
	find web/dist -mindepth 1 ! -name .gitkeep -delete
