-- Run by `portico migrate` before the migrations.  @name@ comes from the settings.
CREATE DATABASE IF NOT EXISTS `@database@` CHARACTER SET utf8mb4 COLLATE utf8mb4_uca1400_ai_ci;
USE `@database@`;
-- How far each migration has come, statement by statement: DDL cannot be rolled back.
CREATE TABLE IF NOT EXISTS migration (
  name    VARCHAR(100) CHARACTER SET ascii COLLATE ascii_bin NOT NULL PRIMARY KEY,
  done    INT          NOT NULL,  -- statements that are through
  started INT          NOT NULL,  -- statements that were begun; one more than done while one runs
  at      DATETIME     NOT NULL
);
