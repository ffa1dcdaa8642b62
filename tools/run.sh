#!/usr/bin/env bash
# Starts and stops Portico on this machine: tools/run.sh start|stop|status|reset|logs
#
# Everything that it makes is under VAR: a private MariaDB (unix socket only), settings,
# published brands, logs, process ids.  A MariaDB or nginx of the system is never touched.
#
#   PORT=8080      where nginx listens, on 127.0.0.1
#   VAR=var        where the data is
#   TLS=           address:port for TLS, with certificates VAR/tls/<host>.crt and .key; PORT then leads there
#   DB=            an external MariaDB instead of the private one, as words key=value:
#                  hosts=a:3306,b:3306 or socket=PATH, name= user= password_file= tls_ca= admin_user= admin_password_file=
#   DEMO=          what an empty database is filled with, as words of `portico demo`; empty: the demo channel
#                  (`make run` says --leave-month: its last month is billed by a run)
#   SMTP=          a server of mail as smtp://host:port; empty: mail is put into VAR/mail
#   BIN=build      where the programs are (build/asan: with sanitizers)
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd -P)
PATH=$PATH:/usr/sbin:/sbin
PORT=${PORT:-8080}
VAR=${VAR:-var}
TLS=${TLS:-}
DB=${DB:-}
DEMO=${DEMO:-}
SMTP=${SMTP:-}
BIN=${BIN:-build}
MAKE=${MAKE:-make}
[[ $VAR == /* ]] || VAR=$here/$VAR
[[ $BIN == /* ]] || BIN=$here/$BIN
VAR=$(realpath -m "$VAR")
conf=$VAR/portico.conf

say() { printf '%s\n' "$*"; }
fail() { printf 'portico: %s\n' "$*" >&2; exit 1; }

# ---- processes ------------------------------------------------------------------------------------

# The process id of a part if it runs and is ours; else nothing.  A stale file may name a stranger:
# our own processes have a path inside VAR on their command line.
pid_of() {
	local pid
	pid=$(cat "$VAR/run/$1.pid" 2>/dev/null) || return 0
	[[ $pid =~ ^[0-9]+$ ]] || return 0
	if { tr '\0' ' ' <"/proc/$pid/cmdline"; } 2>/dev/null | grep -qF "$VAR/"; then
		echo "$pid"
	fi
}

# launch NAME USER COMMAND...: in a session of its own; the child notes its id before it becomes the program.
launch() {
	local name=$1 user=$2
	shift 2
	local as=()
	if [ "$(id -u)" -eq 0 ] && [ "$user" != root ]; then
		as=(setpriv --reuid "$user" --regid "$(id -g "$user")" --init-groups --no-new-privs)
	fi
	: >"$VAR/run/$name.started"
	setsid bash -c 'echo $$ >"$1"; shift; exec "$@"' - "$VAR/run/$name.pid" "${as[@]}" "$@" \
		</dev/null >>"$VAR/log/$name.log" 2>&1 9>&- &
}

# halt NAME SIGNAL SECONDS: asks, waits, and only then kills.
halt() {
	local pid i
	pid=$(pid_of "$1")
	if [ -n "$pid" ]; then
		kill "-$2" "$pid" 2>/dev/null || true # gone between the look and the signal: what we want
		for ((i = 0; i < $3 * 20; i++)); do
			[ -n "$(pid_of "$1")" ] || break
			sleep 0.05
		done
		if [ -n "$(pid_of "$1")" ]; then
			say "$1 ($pid) did not stop within $3 s: killed"
			kill -KILL "$pid" 2>/dev/null || true
		fi
	fi
	rm -f "$VAR/run/$1.pid"
}

# Is a part older than what it was started from?
outdated() {
	local name=$1 file
	shift
	for file in "$@"; do
		[ "$file" -nt "$VAR/run/$name.started" ] && return 0
	done
	return 1
}

# put FILE MODE: standard input becomes the file, which is left alone where it is the same.
put() {
	local new
	new=$(mktemp "$VAR/run/new.XXXXXX")
	cat >"$new"
	chmod "$2" "$new"
	if cmp -s "$new" "$1"; then
		rm -f "$new"
	else
		mv -f "$new" "$1"
	fi
}

# ---- before anything is started ---------------------------------------------------------------------

check_words() {
	[[ $PORT =~ ^[0-9]+$ ]] && [ "$PORT" -ge 1 ] && [ "$PORT" -le 65535 ] || fail "PORT=$PORT is no port"
	[[ $VAR =~ ^[A-Za-z0-9_./+@%-]+$ ]] || fail "VAR=$VAR: only letters, digits and _ . / + @ % - in its path, please"
	[[ $TLS =~ ^([0-9.]+:[0-9]+)?$ ]] || fail "TLS=$TLS is not address:port"
}

check_var() {
	if [ -e "$VAR" ] && [ ! -e "$VAR/.portico" ] && [ -n "$(ls -A "$VAR")" ]; then
		fail "$VAR is not empty and not Portico's: please choose another VAR"
	fi
	mkdir -p "$VAR"
	: >>"$VAR/.portico"
	mkdir -p "$VAR"/{run/db,run/worker,log,site,secret,audit,mail,tls,tmp}
	chmod 700 "$VAR/mail"
	chmod 755 "$VAR" "$VAR"/run "$VAR"/run/{db,worker}
	exec 9>"$VAR/run/lock"
	flock -w 120 9 || fail "another make run or make stop works on $VAR"
	# A run that was interrupted may have left these.
	rm -f "$VAR"/run/new.??????
}

check_port() {
	local old
	old=$(cat "$VAR/run/port" 2>/dev/null || true)
	if [ -n "$(pid_of nginx)" ] && [ "$old" = "$PORT" ]; then
		return 0
	fi
	if (exec 3<>"/dev/tcp/127.0.0.1/$PORT") 2>/dev/null; then
		fail "port $PORT of 127.0.0.1 is in use by another program: stop it, or choose another: make run PORT=$((PORT + 1))"
	fi
}

# As root, nothing that faces the net runs as root, if the folders let another user in.
choose_users() {
	run_user=$(id -un)
	db_os_user=$run_user
	[ "$(id -u)" -eq 0 ] || return 0
	if setpriv --reuid www-data --regid www-data --clear-groups test -x "$here/tools/run.sh" -a -x "$VAR/run"; then
		run_user=www-data
		db_os_user=www-data
		! id mysql >/dev/null 2>&1 || db_os_user=mysql
	else
		say "Note: the folder is closed to other users, so everything runs as root. Put it elsewhere for more than a trial."
	fi
}

# A unix socket's path has at most 107 bytes: a long VAR gets a short name beside it.
choose_run() {
	run=$VAR/run
	if [ ${#run} -gt 85 ]; then
		run=$(cat "$VAR/short" 2>/dev/null || true)
		if [ -z "$run" ] || [ "$(readlink "$run")" != "$VAR/run" ]; then
			run=$(mktemp -d "${TMPDIR:-/tmp}/portico.XXXXXX")
			chmod 755 "$run"
			ln -s "$VAR/run" "$run/run"
			run=$run/run
			echo "$run" >"$VAR/short"
		fi
	fi
}

build() {
	local goal=all
	mkdir -p "$here/build"
	[ "$BIN" != "$here/build/asan" ] || goal="asan build/www.stamp"
	# Two runs side by side share the build folder.
	(
		flock 8
		cd "$here"
		# shellcheck disable=SC2086
		$MAKE -s -j"$(nproc)" $goal
	) 8>"$here/build/.lock" 9>&-
}

# ---- settings -----------------------------------------------------------------------------------------

# secret NAME: 32 random bytes in hex, made once, whole or not at all.
secret() {
	if [ ! -s "$VAR/secret/$1" ]; then
		(umask 077 && od -An -v -tx1 -N32 /dev/urandom | tr -d ' \n' >"$VAR/secret/$1.new" && echo >>"$VAR/secret/$1.new")
		mv "$VAR/secret/$1.new" "$VAR/secret/$1"
	fi
	chmod 600 "$VAR/secret/$1"
}

own() {
	[ "$(id -u)" -ne 0 ] || chown "$@"
}

# The words of DB= as settings.
external_db() {
	local word
	for word in $DB; do
		case $word in
		hosts=* | socket=* | name=* | user=* | password_file=* | tls_ca=* | admin_user=* | admin_password_file=*)
			echo "db_${word%%=*} = ${word#*=}" ;;
		*) fail "DB: unknown word $word" ;;
		esac
	done
}

settings() {
	local version database mail links=http://{host}:$PORT
	version=$(git -C "$here" describe --always --dirty 2>/dev/null || echo dev)
	if [ -n "$DB" ]; then
		database=$(external_db)
	else
		database="db_socket = $run/db/db.sock
db_name = portico
db_user = portico
db_password_file = $VAR/secret/db_password
db_admin_user = $(id -un)"
	fi
	[ -z "$TLS" ] || links=https://{host}:${TLS##*:}
	[ -n "$SMTP" ] && mail="smtp_url = $SMTP" || mail="mail_dir = $VAR/mail"
	put "$conf" 644 <<-END
		# Made by tools/run.sh; fcgi/base/conf.def says what each key means.
		socket = $run/worker/fcgi.sock
		$database
		run_dir = $VAR/run/worker
		key_file = $VAR/secret/key
		password_list = $here/build/passwords
		migrate_dir = $here/schema/migrate
		demo_dir = $here/schema/demo
		release_dir = $here/build/www
		theme_dir = $here/build/themes
		logo_dir = $here/schema/demo/logos
		site_dir = $VAR/site
		audit_anchor = $VAR/audit/anchor
		$mail
		mail_links = $links
		fonts_conf = $VAR/fonts.conf
		version = $version
	END
}

paper_fonts() {
	"$here/tools/fonts.sh" "$VAR"
}

front_door() {
	local modules= brotli= user= plain=plain name=/usr/lib/nginx/modules/ngx_http_brotli_static_module.so
	local more=/usr/lib/nginx/modules/ngx_http_headers_more_filter_module.so
	if [ -e "$name" ]; then
		modules="load_module $name;"
		brotli="brotli_static on;"
	fi
	if [ -e "$more" ]; then
		modules="$modules load_module $more;"
		brotli="$brotli more_clear_headers Server;"
	fi
	[ "$(id -u)" -ne 0 ] || user="user $run_user;"
	[ -z "$TLS" ] || plain=tls
	mkdir -p "$VAR"/tmp/{body,fastcgi,proxy,uwsgi,scgi}
	own "$run_user:" "$VAR"/tmp/{body,fastcgi,proxy,uwsgi,scgi}
	sed -e "s|#$plain ||" -e '/^[ \t]*#\(tls\|plain\) /d' \
		-e "s|@modules@|$modules|" -e "s|@brotli@|$brotli|" -e "s|@user@|$user|" -e "s|@var@|$VAR|g" -e "s|@run@|$run|g" \
		-e "s|@listen@|127.0.0.1:$PORT|g" -e "s|@tls@|$TLS|g" -e "s|@tls_port@|:${TLS##*:}|g" \
		"$here/nginx.conf" | put "$VAR/nginx.conf" 644
}

# ---- the parts ----------------------------------------------------------------------------------------

db_settings() {
	put "$VAR/my.cnf" 644 <<-END
		[mariadbd]
		datadir = $VAR/db
		socket = $run/db/db.sock
		pid-file = $VAR/run/db/mariadbd.pid
		tmpdir = $VAR/tmp/db
		secure_file_priv = $VAR/tmp/db
		skip-networking
		skip-name-resolve
		symbolic-links = 0
		local_infile = 0
		character-set-server = utf8mb4
		collation-server = utf8mb4_unicode_ci
		default_time_zone = +00:00
		sql_mode = STRICT_TRANS_TABLES,STRICT_ALL_TABLES,ERROR_FOR_DIVISION_BY_ZERO,NO_ZERO_DATE,NO_ZERO_IN_DATE,NO_ENGINE_SUBSTITUTION
		innodb_snapshot_isolation = ON
		innodb_flush_log_at_trx_commit = 1
		innodb_buffer_pool_size = 256M
		innodb_log_file_size = 256M
		max_connections = 200
		net_buffer_length = 64K
		max_prepared_stmt_count = 16382
		performance_schema = OFF
	END
}

# A data folder is made beside its place and moved there whole, so an interrupted first run leaves nothing half.
db_create() {
	[ ! -d "$VAR/db" ] || return 0
	say "Making a private database in $VAR/db"
	rm -rf "$VAR/db.new"
	mkdir -m 700 "$VAR/db.new"
	own "$db_os_user:" "$VAR/db.new"
	mariadb-install-db --defaults-file="$VAR/my.cnf" --datadir="$VAR/db.new" --user="$db_os_user" --skip-test-db --cross-bootstrap \
		--auth-root-authentication-method=socket --auth-root-socket-user="$(id -un)" >"$VAR/log/mariadb-install.log" 2>&1 9>&- ||
		fail "the database could not be made: $(tail -n 3 "$VAR/log/mariadb-install.log")"
	sync -f "$VAR/db.new"
	mv "$VAR/db.new" "$VAR/db"
}

db_start() {
	local i pid
	mkdir -p "$VAR/tmp/db"
	own "$db_os_user:" "$VAR/tmp/db"
	chmod 700 "$VAR/tmp/db"
	db_settings
	db_create
	if [ -n "$(pid_of mariadb)" ] && outdated mariadb "$VAR/my.cnf"; then
		halt mariadb TERM 60
	fi
	if [ -z "$(pid_of mariadb)" ]; then
		launch mariadb root mariadbd --defaults-file="$VAR/my.cnf" --user="$db_os_user"
	fi
	for ((i = 0; i < 600; i++)); do
		if mariadb --no-defaults --socket="$run/db/db.sock" --user="$(id -un)" -e "DO 0" >/dev/null 2>&1; then
			return 0
		fi
		sleep 0.1
		[ "$i" -lt 10 ] || [ -n "$(pid_of mariadb)" ] || break
	done
	fail "MariaDB did not start: $(tail -n 5 "$VAR/log/mariadb.log")"
}

part_start() {
	local name=$1
	if [ -n "$(pid_of "$name")" ] && outdated "$name" "$BIN/portico-$name" "$conf"; then
		halt "$name" TERM 15
	fi
	[ -n "$(pid_of "$name")" ] || launch "$name" "$run_user" "$BIN/portico-$name" "$conf"
}

nginx_start() {
	local test
	if ! test=$(nginx -e "$VAR/log/nginx.log" -p "$VAR" -c "$VAR/nginx.conf" -t 2>&1); then
		fail "nginx.conf: $test"
	fi
	if [ -z "$(pid_of nginx)" ]; then
		: >"$VAR/run/nginx.started"
		nginx -e "$VAR/log/nginx.log" -p "$VAR" -c "$VAR/nginx.conf" 9>&-
	elif outdated nginx "$VAR/nginx.conf"; then
		: >"$VAR/run/nginx.started"
		kill -HUP "$(pid_of nginx)"
	fi
	echo "$PORT" >"$VAR/run/port"
}

wait_ready() {
	local i without=0 url=http://127.0.0.1:$PORT curl=(curl -s -o /dev/null -w '%{http_code}')
	[ -z "$TLS" ] || { url=https://localhost:${TLS##*:}; curl+=(-k); }
	for ((i = 0; i < 300; i++)); do
		if [ "$("${curl[@]}" "$url/readyz" || true)" = 200 ]; then
			[ -z "$(pid_of jobs)" ] || return 0
			# Where much else runs, it may not even have noted its id yet.
			((++without < 50)) || fail "portico-jobs has ended: $(tail -n 1 "$VAR/log/jobs.log")"
		fi
		sleep 0.1
	done
	tail -n 5 "$VAR"/log/{worker,jobs,nginx}.log >&2
	fail "not ready after 30 s; the logs are in $VAR/log"
}

# ---- what is asked for --------------------------------------------------------------------------------

start() {
	check_words
	check_port
	check_var
	"$here/tools/deps.sh"
	build
	choose_users
	choose_run
	secret key
	[ -n "$DB" ] || secret db_password
	own "$run_user:" "$VAR/secret"/* "$VAR/site" "$VAR/audit" "$VAR/mail" "$VAR/run/worker"
	own "$db_os_user:" "$VAR/run/db"
	chmod 711 "$VAR/secret"
	settings
	paper_fonts
	front_door
	if [ -n "$DB" ]; then
		halt mariadb TERM 60
	else
		db_start
	fi
	"$BIN/portico" -c "$conf" migrate
	# shellcheck disable=SC2086
	"$BIN/portico" -c "$conf" demo $DEMO
	[ "$DEMO" != --leave-month ] || demo_month
	"$BIN/portico" -c "$conf" publish || [ $? -eq 3 ] # a refused brand stays as it was; the others serve
	own -hR "$run_user:" "$VAR/site"
	part_start worker
	part_start jobs
	nginx_start
	wait_ready
	addresses
}

# The month that the demo channel has left is billed and settled as any month of a real one, so that runs, bills between houses,
# statements and settlements are there to be looked at.  Cut off, it goes on with the next start.
demo_month() {
	local day run
	day=$("$BIN/portico" -c "$conf" demo month)
	[ -n "$day" ] || return 0
	run=$({ "$BIN/portico" -c "$conf" bill-run open --day "$day" --json || [ $? -eq 3 ]; } | sed -n 's/^{"run":\([0-9]*\),.*/\1/p')
	"$BIN/portico" -c "$conf" bill-run approve "$run" >/dev/null || [ $? -eq 3 ] # 3: some are held, for people to look at
	"$BIN/portico" -c "$conf" settle --period "$(date -u -d "$day -1 day" +%Y-%m)" >/dev/null || [ $? -eq 3 ]
	say "The demo's last month is billed by run $run"
}

# Where to look first: one line a tenant and portal, of all that can sign in to the demo.
addresses() {
	local at=http://%s:$PORT%s users
	[ -z "$TLS" ] || at=https://%s:${TLS##*:}%s
	users=$("$BIN/portico" -c "$conf" demo users)
	say ""
	say "Portico is ready; its data is in $VAR. Stop it with: make stop"
	say ""
	awk -v at="$at" 'BEGIN { path["admin"] = "/admin/"; path["reseller"] = "/reseller/"; path["customer"] = "/" }
		($3 in path) && !seen[$2 $3]++ { printf "  %-48s %s\n", sprintf(at, $2, path[$3]), $1 }
		/^deputy@/ { second = $1 }
		/^Password/ { print "\n  " $0 }
		END { if (second) print "  A second administrator, who agrees to what one alone may not do: " second }' <<<"$users"
}

stop() {
	[ -e "$VAR/.portico" ] || { say "Nothing of Portico in $VAR"; return 0; }
	check_var
	halt nginx QUIT 10
	halt worker TERM 15
	halt jobs TERM 15
	halt mariadb TERM 60
	if [ -s "$VAR/short" ] && [ "$(readlink "$(cat "$VAR/short")")" = "$VAR/run" ]; then
		rm -f "$(cat "$VAR/short")"
		rmdir "$(dirname "$(cat "$VAR/short")")"
		rm -f "$VAR/short"
	fi
	say "Stopped"
}

status() {
	local name pid
	for name in mariadb worker jobs nginx; do
		pid=$(pid_of "$name")
		if [ -n "$pid" ]; then
			printf '%-8s runs as %s, since %s\n' "$name" "$pid" "$(date -r "$VAR/run/$name.started" '+%F %T')"
		else
			printf '%-8s does not run\n' "$name"
		fi
	done
	[ -z "$(pid_of nginx)" ] || say "Address: http://127.0.0.1:$(cat "$VAR/run/port")"
}

reset() {
	[ -e "$VAR" ] || { say "There is no $VAR"; return 0; }
	[ -e "$VAR/.portico" ] || fail "$VAR is not Portico's: nothing removed"
	stop
	rm -rf --one-file-system "$VAR"
	say "Removed $VAR"
}

logs() {
	[ -e "$VAR/.portico" ] || fail "nothing of Portico in $VAR"
	exec tail -n 20 -F "$VAR"/log/*.log
}

case ${1:-} in
start | stop | status | reset | logs) "$1" ;;
*) fail "usage: tools/run.sh start|stop|status|reset|logs" ;;
esac
