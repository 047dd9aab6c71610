/** The measures that the ministry counts, as its sources name them, in its order; others that sources name follow. */
export const knownMeasures = ['加入TWCERT', '資安評級', '紅隊演練', '資安檢測', '物流隱碼'];
