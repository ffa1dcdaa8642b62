# "lines file name" of every function of C files in the house's format: the name at the
# start of a line, the body between { and } in the first column.

FNR == 1 {
	name = ""
	inside = 0
}

!inside && /^[a-z_][a-z0-9_]*\(/ {
	name = $0
	sub(/\(.*/, "", name)
}

/^\{/ && name != "" {
	inside = 1
	from = FNR
}

/^\}/ && inside {
	print FNR - from + 1, FILENAME, name
	inside = 0
	name = ""
}
