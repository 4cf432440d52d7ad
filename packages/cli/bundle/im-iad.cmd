@echo off
node "%~dp0im-iad" %*
