"""Tests of riskassess.sheets."""
