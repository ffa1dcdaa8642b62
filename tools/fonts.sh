#!/usr/bin/env bash
# Makes VAR/fonts, VAR/fontcache and VAR/fonts.conf: the fonts that PDFs are set in.
#
#   tools/fonts.sh VAR
#
# Latin and Arabic are links to Debian's files.  Of the Japanese font, which holds 65,000 glyphs,
# the characters of JIS X 0208 and the extensions in common use are taken out: for every bill
# cairo copies and reads the whole font that it embeds a part of, which would cost 16 MB and
# 20 ms.  Behind it stands the whole font, for the rare name that needs another character.
set -euo pipefail
cd "$(dirname "$0")/.."
umask 022 # the worker only reads them

var=${1:?usage: tools/fonts.sh VAR}
mkdir -p "$var/fonts"
var=$(cd "$var" && pwd)
noto=/usr/share/fonts/truetype/noto
cjk=/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc

for font in NotoSans-Regular NotoSans-Bold NotoSerif-Regular NotoSerif-Bold NotoSansArabic-Regular NotoSansArabic-Bold \
	NotoNaskhArabic-Regular NotoNaskhArabic-Bold; do
	ln -sf "$noto/$font.ttf" "$var/fonts/$font.ttf"
done

# Every pair of bytes $1-$2 x $3-$4 in the encoding $5, as far as it is a character there.
pairs() {
	LC_ALL=C awk -v r1="$1" -v r2="$2" -v c1="$3" -v c2="$4" 'BEGIN {
		for (r = r1; r <= r2; r++)
			for (c = c1; c <= c2; c++)
				printf "%c%c\n", r, c
	}' | iconv -c -f "$5" -t UTF-8 || true # -c leaves out what is none, and says so by its status
}

if [ ! -e "$var/fonts/japanese.otf" ] || [ "$cjk" -nt "$var/fonts/japanese.otf" ]; then
	chars=$(mktemp)
	trap 'rm -f "$chars"' EXIT
	{
		LC_ALL=C awk 'BEGIN { for (c = 32; c < 127; c++) printf "%c", c; print "" }' # one line: a lone * means all
		pairs 161 254 161 254 EUC-JP
		pairs 250 252 64 252 CP932
	} > "$chars"
	hb-subset "$cjk" --face-index=0 --text-file="$chars" --no-hinting --desubroutinize --layout-features=ccmp,locl,mark \
		--drop-tables=vhea,vmtx,VORG,BASE --output-file="$var/fonts/japanese.new"
	mv "$var/fonts/japanese.new" "$var/fonts/japanese.otf"
fi
ln -sf "$cjk" "$var/fonts/whole.ttc"

sed "s|@var@|$var|g" schema/fonts.conf.in > "$var/fonts.conf.new"
mv "$var/fonts.conf.new" "$var/fonts.conf"
FONTCONFIG_FILE="$var/fonts.conf" fc-cache "$var/fonts" # or the first worker would do it
