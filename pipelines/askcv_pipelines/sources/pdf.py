class PdfSource:
    name="pdf"
    suffixes=(".pdf",)
    def recognises(self,head): return False
