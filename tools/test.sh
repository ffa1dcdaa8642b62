#!/usr/bin/env bash
# The whole truth: tools/test.sh [PART...], parts being check, unit and the folders of tests/ that hold
# *.test.mjs files (api, access, browser, fault ...).  Without words, all of them.
#
# Test files start what they need themselves, from tests/lib, in folders of their own, with the programs
# of build/asan.  Prints a section a part and closes with the line "N passed, N failed".
set -uo pipefail
cd "$(dirname "$0")/.." || exit 1
MAKE=${MAKE:-make}
unset PORT VAR DB

passed=0
failed=0
started=$SECONDS
out=$(mktemp "${TMPDIR:-/tmp}/portico-test.XXXXXX")
trap 'rm -f "$out"' EXIT

count() {
	passed=$((passed + $1))
	failed=$((failed + $2))
}

section() { printf '\n== %s (%d s)\n' "$1" $((SECONDS - started)); }

wants() {
	[ ${#parts[@]} -eq 0 ] && return 0
	local part
	for part in "${parts[@]}"; do
		[ "$part" = "$1" ] && return 0
	done
	return 1
}

# A step that is no test, but without which nothing can be tested.
must() {
	local name=$1
	shift
	if ! "$@" >"$out" 2>&1; then
		tail -n 40 "$out"
		echo "FAILED  $name"
		count 0 1
		echo "$passed passed, $failed failed"
		exit 1
	fi
}

run_check() {
	section check
	must "it builds without a warning" "$MAKE" -j"$(nproc)" all
	tools/check.sh | tee "$out"
	count $(sed -n 's/^\([0-9]*\) passed, \([0-9]*\) failed$/\1 \2/p' "$out")
}

# One cmocka program: each of its tests counts; a program that dies (a sanitizer, a signal) is one failure more.
run_unit_program() {
	local name=$1 good bad rc
	CMOCKA_MESSAGE_OUTPUT=TAP "build/asan/unit/$name" >"$out" 2>&1
	rc=$?
	good=$(grep -c '^ok ' "$out")
	bad=$(grep -c '^not ok ' "$out")
	if [ "$rc" -ne 0 ] && [ "$bad" -eq 0 ]; then
		bad=1
	fi
	if [ "$bad" -gt 0 ] || [ "$good" -eq 0 ]; then
		printf 'FAILED  %s\n' "$name"
		sed 's/^/        /' "$out"
		[ "$bad" -gt 0 ] || bad=1
	else
		printf 'ok      %s: %d\n' "$name" "$good"
	fi
	count "$good" "$bad"
}

run_unit() {
	local program
	section unit
	must "the unit tests build" "$MAKE" -j"$(nproc)" unit
	for program in $("$MAKE" -s unit-names); do
		run_unit_program "$program"
	done
}

# All files of one folder, one after the other: they share the machine's two processors.  tests/run.mjs
# starts what they have in common.
run_node() {
	local folder=$1 good bad rc
	section "$folder"
	node tests/run.mjs "$folder" --test-reporter=spec --test-reporter-destination=stdout \
		--test-reporter=tap --test-reporter-destination="$out" </dev/null
	rc=$?
	good=$(sed -n 's/^# pass //p' "$out" | tail -n 1)
	bad=$(sed -n 's/^# \(fail\|cancelled\|skipped\|todo\) //p' "$out" | awk '{ n += $1 } END { print n + 0 }')
	# A run that ends without its summary has proved nothing.
	if [ -z "$good" ] || { [ "$rc" -ne 0 ] && [ "$bad" -eq 0 ]; }; then
		bad=$((bad + 1))
	fi
	count "${good:-0}" "$bad"
}

parts=("$@")
for part in "${parts[@]}"; do
	case $part in
	check | unit) ;;
	*) [ -d "tests/$part" ] || { echo "there is no part $part" >&2; exit 2; } ;;
	esac
done

tools/deps.sh test || exit 1
! wants check || run_check
! wants unit || run_unit
folders=$(find tests -name '*.test.mjs' -printf '%P\n' | cut -d/ -f1 | sort -u)
if [ -n "$folders" ]; then
	must "it builds" "$MAKE" -j"$(nproc)" all asan
	for folder in $folders; do
		! wants "$folder" || run_node "$folder"
	done
fi

section done
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
