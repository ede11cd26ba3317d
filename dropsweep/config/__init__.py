"""From a YAML file to the runs it asks for: read, override, check, plan."""

from dropsweep.config.models import Config
from dropsweep.config.planning import plan, specs
from dropsweep.config.reading import STDIN, Loaded, load
from dropsweep.config.schema import json_schema
from dropsweep.config.writing import dump

__all__ = ["STDIN", "Config", "Loaded", "dump", "json_schema", "load", "plan", "specs"]
