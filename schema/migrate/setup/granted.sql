-- Run by `portico migrate`: what workers and jobs may do now.  Fails where there is no such user.
SHOW GRANTS FOR '@user@'@'@from@';
