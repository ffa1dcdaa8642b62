/**
 * Writes the list of passwords that nobody may choose: node tools/passwords.mjs > build/passwords
 *
 * A line is the SHA-1 of one in capital hex digits, in order: the form in which lists of breached passwords are
 * published, so that the setting `password_list` can name such a list instead.  This small one holds what people
 * make of common words, of the length that is asked for, in small letters: the server looks for those too.
 */
import { createHash } from "node:crypto";

const SHORTEST = 12;

const WORDS = `access account admin administrator adminadmin anmelden baseball bienvenue billing bonjour changeme chocolate
  computer connexion customer datenbank default demo dragon einstellung facture fallschirm firma football fussball geburtstag
  geheim geheimnis guest hallo hello hockey iloveyou internet kennwort konto kunde letmein liebling login manager master
  michael monkey motdepasse movie mustermann office orange passphrase passwd password passwort pokemon portal portico princess
  provider qwerty qwertyui qwertyuiop qwertz qwertzuiop rechnung reseller root samsung schalke schatz secret secure server
  service sommer soleil sonnenschein sonne starwars start summer sunshine superman support system temp test testing trustno1
  user welcome whatever willkommen winter yourname zugang january february march april june july august september october
  november december januar februar maerz juni juli oktober dezember monday friday montag freitag frühling herbst spring autumn
  winter2 azerty azertyuiop asdfghjkl asdfgh zxcvbnm yxcvbnm 1q2w3e4r 1qaz2wsx abc123 abcdef abcdefgh`.split(/\s+/);

const YEARS = Array.from({ length: 2036 - 1960 }, (_, i) => String(1960 + i));
const DIGITS = ["1", "12", "123", "1234", "12345", "123456", "12345678", "123456789", "01", "11", "111", "321", "4321", "99"];
const SIGNS = ["", "!", "."];

/** How a word is disguised. */
const faces = (word) => new Set([word, word.replace(/a/g, "@"), word.replace(/o/g, "0"), word.replace(/a/g, "@").replace(/o/g, "0")]);

function* made() {
  for (const word of WORDS) {
    for (const face of faces(word))
      for (const sign of SIGNS) for (const tail of ["", ...DIGITS, ...YEARS]) yield `${face}${tail}${sign}`;
    for (let n = 2; n <= 6; n++) yield word.repeat(n);
    for (const other of WORDS) for (const link of ["", " ", "-"]) yield word + link + other;
    for (const other of ["password", "passwort", "motdepasse", "admin", "portal"]) for (const tail of [...DIGITS, "!"]) yield word + other + tail;
  }
  yield* rows();
}

/** Walks along the keyboard, runs of digits and letters, one sign again and again. */
function* rows() {
  const walks = ["1234567890", "0123456789", "0987654321", "9876543210", "qwertyuiop", "qwertzuiop", "azertyuiop", "asdfghjkl", "zxcvbnm", "yxcvbnm", "qsdfghjklm",
    "wxcvbn", "abcdefghijklmnopqrstuvwxyz", "zyxwvutsrqponmlkjihgfedcba", "1qaz2wsx3edc4rfv5tgb6yhn7ujm", "1q2w3e4r5t6z7u8i9o0p", "1q2w3e4r5t6y7u8i9o0p", "1a2b3c4d5e6f7g8h9i",
    "qazwsxedcrfvtgbyhnujm", "!@#$%^&*()_+", "!qaz@wsx#edc$rfv", "a1b2c3d4e5f6g7h8i9", "123qweasdzxc", "123qweasdyxc", "qweasdzxc123", "112233445566778899", "123123123123", "123321123321", "102030405060708090"];
  for (const walk of walks)
    for (let from = 0; from < walk.length; from++)
      for (let n = SHORTEST; n <= 20; n++)
        for (const tail of ["", "1", "!", "123"]) yield walk.repeat(4).slice(from, from + n - tail.length) + tail;
  for (const one of walks) for (const other of walks) for (const tail of ["", "1", "!", "123"]) yield one + other + tail;
  for (let code = 33; code < 127; code++) for (let n = SHORTEST; n <= 32; n++) yield String.fromCharCode(code).toLowerCase().repeat(n);
}

const lines = new Set();
for (const text of made()) if ([...text].length >= SHORTEST) lines.add(createHash("sha1").update(text).digest("hex").toUpperCase());
process.stdout.write(`${[...lines].sort().join("\n")}\n`);
