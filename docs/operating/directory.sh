#!/bin/sh
# /usr/local/bin/directory: run a command of the directory as its user and with its settings.
# That user must own all files next to the database.
exec sudo -H -u directory -- /bin/sh -c '
  umask 0077
  set -a
  . /etc/directory/directory.env
  exec /opt/directory/current/bin/directory "$@"
' directory "$@"
