# Folders are floors: a file includes only its own floor and those below it, and a
# library's header stands in exactly one .c file, under fcgi/wire.
#
#   awk -f tools/check_floors.awk fcgi/*.[ch] fcgi/*/*.[ch] fcgi/*/*.def

function bad(why)
{
	printf "%s:%d: %s\n", FILENAME, FNR, why
	failed = 1
}

BEGIN {
	floor["base"] = 0
	floor["wire"] = 1
	floor["core"] = 2
	floor["trade"] = floor["paper"] = 3
	floor["page"] = 4
	floor["root"] = 5

	# The C library and POSIX: free to all.
	n = split("assert ctype dirent errno fcntl float inttypes limits locale malloc math poll pthread pwd grp sched setjmp signal stdalign " \
	    "stdarg stdatomic stdbool stddef stdint stdio stdlib stdnoreturn string strings syslog time unistd", plain, " ")
	for (i = 1; i <= n; i++)
		free[plain[i] ".h"] = 1
}

FNR == 1 {
	parts = split(FILENAME, part, "/")
	here = parts == 2 ? "root" : part[2]
	if (!(here in floor))
		bad("no floor named " here)
}

/^[ \t]*#[ \t]*include[ \t]*"/ {
	split($0, piece, "\"")
	name = piece[2]
	if (name ~ /^schema\// || name == "query.def")
		next
	if (!index(name, "/")) {
		if (here != "root")
			bad("include " name " by its floor: \"" here "/" name "\"")
		next
	}
	there = name
	sub(/\/.*/, "", there)
	if (!(there in floor))
		bad("no floor named " there)
	else if (floor[there] > floor[here])
		bad(here " may not know " there ": \"" name "\"")
	else if (floor[there] == floor[here] && there != here)
		bad(here " and " there " stand side by side: \"" name "\"")
}

/^[ \t]*#[ \t]*include[ \t]*</ {
	name = $0
	sub(/^[^<]*</, "", name)
	sub(/>.*/, "", name)
	if (name in free || name ~ /^(sys|net|netinet|arpa)\//)
		next
	if (here != "wire")
		bad("a library's header belongs under fcgi/wire: <" name ">")
	else if (FILENAME !~ /\.c$/)
		bad("a library's header belongs in a .c file: <" name ">")
	else if ((name in seen) && seen[name] != FILENAME)
		bad("<" name "> stands in " seen[name] " already")
	seen[name] = FILENAME
}

END {
	exit failed
}
