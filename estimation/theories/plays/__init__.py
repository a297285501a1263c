"""Theories of play without communication, one per file."""
