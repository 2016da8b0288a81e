# The one command surface. `make demo` and `make test` work on a bare Debian or Ubuntu machine with a Swift toolchain.

SWIFT ?= swift
PREFIX ?= /usr/local
RELEASE := -c release --static-swift-stdlib
# Checked and tested with the same flags, so that both share one build.
STRICT := -Xswiftc -warnings-as-errors --explicit-target-dependency-import-check error
PACKAGES := libncurses-dev libsqlite3-dev libopenblas0 zlib1g-dev libzstd-dev libexpat1-dev libpcre2-8-0 libcurl4-openssl-dev libmicrohttpd-dev python3
SOURCES := Package.swift Sources Tests

.PHONY: help demo run build test sanitize interop large torture spark check lint layering bench pictures install deb tarball deps sample-data clean

help:
	@echo 'make demo      install what is missing, build, open the studio on sample data with training under way'
	@echo 'make run       build and open the studio'
	@echo 'make spark     by hand: rows on a cluster of two workers, a million of them (ROWS=…)'
	@echo 'make build     build .build/release/descent'
	@echo 'make test      run the tests'
	@echo 'make sanitize  damage every kind of file under the sanitizers (SECONDS_EACH=… for each of the readers, default 2)'
	@echo 'make interop   the Python package with the wheels it has callbacks for, in an environment kept in .build/interop'
	@echo 'make large     train every algorithm on a million rows and on ten thousand columns'
	@echo 'make torture   kill 100 runs of all algorithms at any moment, resume them, compare (KILLS=… for another number)'
	@echo 'make check     format lint, layering, file sizes, build with warnings as errors, conversions of doubles'
	@echo 'make bench     measure, beside peers where they are installed'
	@echo 'make pictures  draw the pictures of docs/pictures anew, from real runs'
	@echo 'make install   build and copy descent to $(PREFIX)/bin'
	@echo 'make deb       build, and make a Debian package in .build/packages (no Swift toolchain is needed to run it)'
	@echo 'make tarball   the same as an archive that runs from where it is unpacked'
	@echo 'make deps      install the C libraries (apt-get)'

demo: build
	.build/release/descent demo

run: build
	.build/release/descent

build: deps
	$(SWIFT) build $(RELEASE) --product descent

test: deps
	$(SWIFT) build --build-tests $(STRICT)
	$(SWIFT) test --skip-build $(STRICT)
	DESCENT_BINARY=$(CURDIR)/.build/debug/descent python3 -m unittest discover -s python/tests -t python

# Every reader under the address sanitizer, the kernels under the one for undefined behaviour too, in a build of their own.
SANITIZED := --product Fuzz --scratch-path .build/sanitize --sanitize address -Xcc -fsanitize=undefined \
	-Xcc -fsanitize=float-cast-overflow -Xcc -fno-sanitize-recover=undefined
sanitize: deps
	$(SWIFT) build $(SANITIZED)
	ASAN_OPTIONS=detect_leaks=0:max_allocation_size_mb=8192:allocator_may_return_null=0 \
		.build/sanitize/debug/Fuzz --seconds $(or $(SECONDS_EACH),2)

# One cached environment; what cannot be had is left out and named with pip's reason, and the tests that need it are skipped by name.
WHEELS := numpy pandas duckdb polars scikit-learn torch xgboost-cpu onnx onnxruntime mlflow safetensors tensorboard pyarrow boto3 moto flask lightgbm keras tensorflow-cpu lightning rich transformers accelerate jupyter_client ipykernel nbformat
interop: deps
	$(SWIFT) build --build-tests $(STRICT)
	@test -x .build/interop/bin/python || python3 -m venv .build/interop
	@for wheel in $(WHEELS); do \
		.build/interop/bin/pip show -q $$wheel >/dev/null 2>&1 || said=$$(.build/interop/bin/pip install -q $$wheel 2>&1) \
			|| echo "interop: $$wheel cannot be had, tests that need it are skipped: $$(echo "$$said" | grep -i error | tail -1)"; \
	done
	DESCENT_BINARY=$(CURDIR)/.build/debug/descent .build/interop/bin/python -m unittest discover -s python/tests -t python -v

# The engine's own Python runs what needs Spark: the tests of the package, then a cluster of two workers on loopback.
spark: build
	.build/release/descent engine install spark
	@python=$$(.build/release/descent engine status --json | python3 -c 'import json, sys; print(json.load(sys.stdin)["folder"] + "/bin/python")') && \
		(cd python && DESCENT_BINARY=$(CURDIR)/.build/release/descent $$python -W ignore -m unittest -v tests.test_spark) && \
		$$python benchmarks/spark.py --rows $(or $(ROWS),1000000)

# What takes minutes: a million rows, ten thousand columns; a hundred runs killed at any moment.
large: deps
	$(SWIFT) build --build-tests $(STRICT)
	DESCENT_LARGE=1 $(SWIFT) test --skip-build $(STRICT) --filter AlgorithmContractTests

torture: deps
	$(SWIFT) build --build-tests $(STRICT)
	DESCENT_KILLS=$(or $(KILLS),100) $(SWIFT) test --skip-build $(STRICT) --filter TortureTests

check: deps lint layering
	$(SWIFT) build --build-tests $(STRICT)
	python3 .ci/conversions.py

lint:
	$(SWIFT) format lint --strict --recursive $(SOURCES)

layering:
	$(SWIFT) package dump-package | python3 .ci/layering.py

bench: deps
	$(SWIFT) build $(RELEASE)
	bash benchmarks/run

pictures: build
	python3 benchmarks/pictures.py

install: build
	install -d $(DESTDIR)$(PREFIX)/bin $(DESTDIR)$(PREFIX)/share/descent
	install -m 755 .build/release/descent $(DESTDIR)$(PREFIX)/bin/descent
	cp -R themes sample-data python $(DESTDIR)$(PREFIX)/share/descent/

deb: build
	@bash .ci/package deb

tarball: build
	@bash .ci/package tarball

deps:
	@bash .ci/deps $(PACKAGES)

sample-data:
	$(SWIFT) run SampleData sample-data

clean:
	rm -rf .build
