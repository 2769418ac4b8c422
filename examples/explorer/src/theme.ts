/** Colours and type of the charts, chosen to agree with the page. Pairs of neighbouring colours differ in lightness too. */
export const theme: object = {
  type: 'light',
  fontFamily: 'Inter, "Source Sans Pro", system-ui, "Segoe UI", Roboto, sans-serif',
  color: '#1c2622',
  fontSize: '13px',
  dataColors: {
    primaryColor: '#177245',
    othersColor: '#a9b4ae',
    errorColor: '#a3231b',
    nullColor: '#c3cbc6',
  },
  palettes: {
    data: [
      {
        type: 'row',
        name: 'Lichen',
        propertyValue: '12',
        scale: [
          '#177245',
          '#8fc1a5',
          '#c98a1b',
          '#7a3b2e',
          '#2f6f8f',
          '#a8cbd9',
          '#5d5a88',
          '#c4c1dd',
          '#7d8a2e',
          '#cfd59a',
          '#55625c',
          '#b9c4be',
        ],
      },
    ],
    ui: [],
  },
  object: {
    listBox: {
      dataColors: {
        selected: '#177245',
        possible: '#ffffff',
        alternative: '#dde2df',
        excluded: '#c3cbc6',
        selectedExcluded: '#c3cbc6',
      },
    },
    straightTable: { header: { fontSize: '13px' }, content: { fontSize: '13px' } },
  },
}
