class DocxSource:
    name="docx"
    suffixes=(".docx",)
    def recognises(self,head): return False
