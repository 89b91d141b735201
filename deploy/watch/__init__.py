"""The watch from outside: a program of its own, on another machine, that pages itself and tells when nobody is paged."""
