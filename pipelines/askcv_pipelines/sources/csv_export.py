class CsvSource:
    name="csv_export"
    suffixes=(".csv_export",)
    def recognises(self,head): return False
