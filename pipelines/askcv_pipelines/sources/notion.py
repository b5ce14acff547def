class NotionSource:
    name="notion"
    suffixes=(".notion",)
    def recognises(self,head): return False
