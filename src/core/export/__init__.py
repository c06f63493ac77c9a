"""Exports: many pictures in one ZIP that is never built, only laid out."""
