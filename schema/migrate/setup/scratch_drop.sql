-- Run by `portico rehearse` at its end: the database that it made for itself.
DROP DATABASE IF EXISTS `@database@`;
