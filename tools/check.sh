#!/usr/bin/env bash
# What can be told from the text alone: floors, sizes, and what the house rules forbid.
# Prints one line a check, what is wrong below it, and closes with "N passed, N failed".
set -uo pipefail
cd "$(dirname "$0")/.." || exit 1

passed=0
failed=0

# check NAME: standard input is what is wrong; nothing is right.
check() {
	local wrong
	wrong=$(cat)
	if [ -z "$wrong" ]; then
		printf 'ok      %s\n' "$1"
		passed=$((passed + 1))
	else
		printf 'FAILED  %s\n%s\n' "$1" "$(sed 's/^/        /' <<<"$wrong" | head -n 40)"
		failed=$((failed + 1))
	fi
}

code() { find fcgi -name '*.[ch]' | sort; }
text() { find fcgi schema tests tools themes www .ci -type f \( -name '*.[ch]' -o -name '*.def' -o -name '*.sql' -o -name '*.js' -o \
	-name '*.mjs' -o -name '*.css' -o -name '*.sh' -o -name '*.awk' \) | sort; ls Makefile nginx.conf; }
scripts() { find www -name '*.js' | sort; }

# Code without comments and without what stands in quotes, as "file:line:code", for words that only matter in code.
bare() {
	awk '{ line = $0; gsub(/"([^"\\]|\\.)*"/, "\"\"", line); gsub(/\/\*([^*]|\*[^\/])*\*\//, "", line); sub(/\/\/.*/, "", line)
	       if (line !~ /^[ \t]*\*/) print FILENAME ":" FNR ":" line }' "$@"
}

floors() { awk -f tools/check_floors.awk $(find fcgi -name '*.[ch]' -o -name '*.def' | sort); }
functions() { awk -f tools/check_functions.awk $(code | grep '\.c$'); }

listed() {
	local file name
	for file in $(code | grep '\.c$'); do
		name=$(basename "$file" .c)
		grep -qwF -- "$name" <(sed -n '/_SRC *:=/,/^$/p' Makefile) || echo "$file is not in the Makefile"
	done
	for file in tests/unit/test_*.c; do
		name=$(basename "$file" .c)
		grep -qwF -- "$name" Makefile || echo "$file is not in the Makefile"
	done
}

format() {
	local file
	command -v clang-format >/dev/null || { echo "clang-format is missing: tools/deps.sh test"; return; }
	for file in $(code) tests/unit/*.[ch]; do
		[ ! -e "$file" ] || clang-format "$file" | cmp -s - "$file" || echo "$file: make format"
	done
}

formatted_scripts() {
	local file
	for file in tools/*.sh .ci/run; do
		bash -n "$file" 2>&1
	done
}

machine_paths() {
	local home here
	here=$(pwd -P)
	home=${HOME:-/root}
	grep -nFI -e "$here/" -e "$home/" $(text) README.md ARCHITECTURE.md CONTRIBUTING.md 2>/dev/null | grep -v '"/root/"' || true
}

check "floors: includes point down, a library is known to one file" < <(floors)
check "every source and unit test is in the Makefile" < <(listed)
check "functions have at most 60 lines" < <(functions | awk '$1 > 60 { print $2 ": " $3 " has " $1 " lines" }')
check "files have at most 500 lines" < <(wc -l $(text) | awk '$2 != "total" && $1 > 500 { print $2 " has " $1 " lines" }')
check "no SQL text outside schema/" < <(grep -nE '"[[:space:]]*(SELECT|INSERT INTO|UPDATE [a-z_]+ SET|DELETE FROM|REPLACE INTO)\b' $(code))
check "only core/query.c and query_system.c let statements of the system run" < <(grep -nE '(->|\.)system\b' $(code) | grep -v -e '^fcgi/core/query\.c:' -e '^fcgi/core/query_system\.c:')
check "no unbounded text in C" < <(bare $(code) | grep -E '\b(sprintf|vsprintf|strcpy|strcat|strncpy|strncat|gets|alloca|strtok)[[:space:]]*\(')
check "no markup by concatenation in the front end" < <(bare /dev/null $(scripts) | grep -E 'innerHTML|outerHTML|insertAdjacentHTML|document\.write|unsafeHTML|unsafeSVG|\beval\(|new Function')
check "no inline script or style" < <(find www -name '*.html' -print0 | xargs -0r grep -nEi '<style|<script>|<script [^>]*>[^<]|[[:space:]](style|on[a-z]+)="')
check "headers stand once in nginx.conf" < <(grep -nE '\badd_header\b' nginx.conf | awk -F: '{ sub(/^\t/, "", $2); if ($2 ~ /^\t/) print }')
check "nothing is left for later" < <(grep -nwiE 'todo|fixme|hack|for now|not implemented|stubbed' $(text | grep -v '^tools/'))
check "no path of a machine" < <(machine_paths)
check "shell scripts parse" < <(formatted_scripts)
check "C is in the house's format" < <(format)

echo
echo "The ten longest functions:"
functions | sort -rn | head -n 10 | awk '{ printf "%6d  %s  %s\n", $1, $2, $3 }'
echo
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
