"""No foreign key crosses a package: the other side is an opaque id."""

from assistant.schema import METADATA
from config.database import Base


def test_no_foreign_key_crosses_a_package():
    home = {
        mapper.local_table.name: mapper.class_.__module__.split(".")[0]
        for mapper in Base.registry.mappers
    }
    crossing = [
        (table.name, key.column.table.name)
        for table in METADATA.tables.values()
        for key in table.foreign_keys
        if home.get(table.name) != home.get(key.column.table.name)
    ]
    assert crossing == []
